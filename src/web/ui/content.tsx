import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** Signals that never rely on colour alone: each comes with words and a drawing. */
export type Tone = 'accent' | 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** The heading of a page, with a line above it that says where in the whole it stands. */
export function PageHeading({
  children,
  caption,
  lead,
}: {
  children: ComponentChildren;
  caption?: string;
  lead?: string;
}) {
  return (
    <>
      {caption === undefined ? null : <p class="cw-caption">{caption}</p>}
      <h1>{children}</h1>
      {lead === undefined ? null : <p class="cw-lead">{lead}</p>}
    </>
  );
}

export interface SummaryRow {
  key: string;
  value: ComponentChildren;
  /** Where it can be changed, and what that changes, for those who only hear the link. */
  change?: { href: string; words: string; about: string };
}

/** Names and values: what she answered, what a document says. */
export function SummaryList({ rows, tight = false }: { rows: readonly SummaryRow[]; tight?: boolean }) {
  return (
    <dl class="cw-summary" data-tight={tight ? '' : undefined}>
      {rows.map(({ key, value, change }) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{value}</dd>
          {change === undefined ? null : (
            <dd>
              <a href={change.href}>
                {change.words}
                <span class="cw-hide">{` ${change.about}`}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** A state of things in one or two words. */
export function Tag({
  tone = 'accent',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <span class="cw-tag" data-color={tone}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}

const NOTE_ICONS: Record<Tone, IconName> = {
  accent: 'info',
  neutral: 'info',
  info: 'info',
  success: 'check',
  warning: 'alert',
  danger: 'alert',
};

/** Something to notice beside the way. `alive` makes assistive technology read it when it appears. */
export function Notification({
  tone = 'info',
  icon,
  title,
  alive = false,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  alive?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class="cw-note" data-color={tone} role={alive ? 'status' : undefined}>
      <Icon name={icon ?? NOTE_ICONS[tone]} />
      <div>
        {title === undefined ? null : <h2>{title}</h2>}
        {children}
      </div>
    </div>
  );
}

/** The end of something: it is done, and this is its number. */
export function Panel({ title, words, reference }: { title: string; words: string; reference?: string }) {
  return (
    <div class="cw-panel">
      <Icon name="check" />
      <h1>{title}</h1>
      <p>
        {words}
        {reference === undefined ? null : <strong>{reference}</strong>}
      </p>
    </div>
  );
}

/** More, for those who want it. */
export function Details({
  summary,
  open = false,
  children,
}: {
  summary: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="cw-details" open={open}>
      <summary>{summary}</summary>
      <div>{children}</div>
    </details>
  );
}

/** A link that opens a whole card. */
export function CardLink({
  href,
  title,
  icon,
  children,
}: {
  href: string;
  title: string;
  icon?: IconName;
  children?: ComponentChildren;
}) {
  return (
    <div class="cw-card" data-link>
      {icon === undefined ? null : <Icon name={icon} />}
      <h2>
        <a href={href}>{title}</a>
      </h2>
      {children}
    </div>
  );
}

/** A grid of cards as a list, so that their number can be heard. */
export function Cards({ children, wide = false }: { children: ComponentChildren[]; wide?: boolean }) {
  return (
    <ul class="cw-cards" data-wide={wide ? '' : undefined}>
      {children.map((child, index) => (
        <li key={index}>{child}</li>
      ))}
    </ul>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="cw-empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export interface TimelineStep {
  title: ComponentChildren;
  when?: string;
  done?: boolean;
  current?: boolean;
  children?: ComponentChildren;
}

/** What happened, and what is to come. */
export function Timeline({ steps }: { steps: readonly TimelineStep[] }) {
  return (
    <ol class="cw-timeline">
      {steps.map(({ title, when, done, current, children }, index) => (
        <li
          key={index}
          data-done={done ? '' : undefined}
          data-current={current ? '' : undefined}
          aria-current={current ? 'step' : undefined}
        >
          <h3>{title}</h3>
          {when === undefined ? null : <p class="cw-subtle cw-small">{when}</p>}
          {children}
        </li>
      ))}
    </ol>
  );
}

export interface Task {
  title: string;
  href?: string;
  status: ComponentChildren;
}

/** The parts of a longer work, each with its state. */
export function TaskList({ tasks }: { tasks: readonly Task[] }) {
  return (
    <ul class="cw-tasks">
      {tasks.map(({ title, href, status }) => (
        <li key={title}>
          {href === undefined ? <span>{title}</span> : <a href={href}>{title}</a>}
          {status}
        </li>
      ))}
    </ul>
  );
}

export interface Column {
  title: string;
  number?: boolean;
}

/** A table that scrolls sideways inside itself where it is too wide, so that the page never does. */
export function Table({
  caption,
  about = '',
  columns,
  rows,
}: {
  caption: string;
  /** Tells it from other tables of that name on the page, for those who only hear it. */
  about?: string;
  columns: readonly Column[];
  rows: readonly (readonly ComponentChildren[])[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="cw-table-wrap" tabIndex={0} aria-label={about === '' ? caption : `${caption}, ${about}`}>
      <table class="cw-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" data-number={number ? '' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={column} data-number={columns[column]?.number ? '' : undefined}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
