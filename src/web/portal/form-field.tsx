import type { Agreement, FieldState } from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import { isLanguage, languageName } from '../../texts/index.ts';
import { textOf } from '../shown/agreement-words.ts';
import {
  Checkboxes,
  DateField,
  Fieldset,
  type Option,
  partsOf,
  type QuestionProps,
  Radios,
  Select,
  TextField,
  type View,
} from '../ui/index.ts';

/** More options than this are a list to open, not a row of buttons. */
const MOST_RADIOS = 8;

/** A question of the agreement as controls, named as `readForm` of the agreements room reads them. */
export function FormField({
  view,
  agreement,
  asked,
  heading,
  showErrors,
}: {
  view: View;
  agreement: Agreement;
  asked: FieldState;
  heading: boolean;
  showErrors: boolean;
}) {
  const { field, value, offered = [] } = asked;
  const question: QuestionProps = {
    view,
    name: field.name,
    label: labelOf(view, agreement, asked),
    hint: field.hint === undefined ? undefined : textOf(view, agreement, field.hint),
    error: showErrors ? errorWords(view, agreement, asked) : undefined,
    heading,
  };
  const options = offered.map((one) => optionOf(view, agreement, asked, one));
  switch (field.type) {
    case 'date':
      return <DateField {...question} parts={partsOf(typeof value === 'string' ? value : undefined)} />;
    case 'yesNo':
      return (
        <Radios
          {...question}
          options={yesNo(view)}
          value={value === true ? 'yes' : value === false ? 'no' : undefined}
        />
      );
    case 'choice':
    case 'state':
    case 'language':
      return options.length > MOST_RADIOS ? (
        <Select {...question} options={options} value={textIn(value)} />
      ) : (
        <Radios {...question} options={options} value={textIn(value)} />
      );
    case 'choices':
    case 'states':
      return <Checkboxes {...question} options={options} values={listIn(value)} />;
    case 'textByState':
      return <ByState question={question} options={options} value={value} maxLength={field.maxLength} />;
    case 'number':
      return <TextField {...question} value={textIn(value)} chars={20} inputMode="numeric" />;
    case 'text':
      return (
        <TextField
          {...question}
          value={textIn(value)}
          chars={field.maxLength > 60 ? 60 : 20}
          maxLength={field.maxLength}
        />
      );
  }
}

/** The question; one that may stay open says so. */
export function labelOf(view: View, agreement: Agreement, { field }: FieldState): string {
  const label = textOf(view, agreement, field.text);
  return field.required || field.type === 'yesNo' ? label : view.say('portal.form.optional', { label });
}

/** What is wrong with an answer: the agreement's own sentence, else the platform's for that kind of question. */
export function errorWords(view: View, agreement: Agreement, { field, error }: FieldState): string | undefined {
  if (error === undefined) return undefined;
  if (!error.text.startsWith('error.answer.')) return textOf(view, agreement, error.text);
  const kind =
    field.type === 'text' || field.type === 'number' || field.type === 'textByState'
      ? 'text'
      : field.type === 'date'
        ? 'date'
        : 'choice';
  return view.find(`error.answer.${error.code}.${kind}`) ?? view.say('error.answer.notValid');
}

const textIn = (value: Json): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const listIn = (value: Json): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const yesNo = (view: View): Option[] => [
  { value: 'yes', label: view.say('common.yes') },
  { value: 'no', label: view.say('common.no') },
];

function optionOf(view: View, agreement: Agreement, { field }: FieldState, value: string): Option {
  if (field.type === 'language' && isLanguage(value)) return { value, label: languageName(value), lang: value };
  const text = field.options?.[value];
  if (text !== undefined) return { value, label: textOf(view, agreement, text) };
  return { value, label: view.stateName(value) };
}

/** One line of text for each state: her numbers there. */
function ByState({
  question,
  options,
  value,
  maxLength,
}: {
  question: QuestionProps;
  options: readonly Option[];
  value: Json;
  maxLength: number;
}) {
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return (
    <Fieldset {...question}>
      {options.map((option, index) => {
        const id = index === 0 ? question.name : `${question.name}.${option.value}`;
        return (
          <div class="cw-field" key={option.value}>
            <label for={id}>{option.label}</label>
            <input
              class="ds-input"
              id={id}
              name={`${question.name}.${option.value}`}
              value={textIn(given[option.value] ?? null)}
              data-chars="20"
              maxLength={maxLength}
              autocomplete="off"
            />
          </div>
        );
      })}
    </Fieldset>
  );
}
