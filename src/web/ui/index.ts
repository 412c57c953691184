export { BarChart } from './bar-chart.tsx';
export { HeroArt, Logo } from './brand.tsx';
export { Checkboxes, type Option, Radios } from './choices.tsx';
export {
  CardLink,
  Cards,
  type Column,
  Details,
  Empty,
  Notification,
  PageHeading,
  Panel,
  SummaryList,
  type SummaryRow,
  Table,
  Tag,
  type Task,
  TaskList,
  Timeline,
  type TimelineStep,
  type Tone,
} from './content.tsx';
export { DateField, type DateParts, partsOf } from './date-parts.tsx';
export { ErrorSummary, type WrongField } from './error-summary.tsx';
export { Fieldset, FileField, type QuestionProps, Select, TextArea, TextField } from './field.tsx';
export { Actions, Button, ButtonLink, FORM_TOKEN_FIELD, Form } from './form.tsx';
export { Icon, type IconName } from './icon.tsx';
export { Layout, type LayoutProps } from './layout.tsx';
export { Qr } from './qr.tsx';
export { themeCss } from './theme/theme.ts';
export type { Assets, Scheme, View } from './view.ts';
