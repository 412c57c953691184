import { type Agreement, type Field, type FieldState, type FieldType, isFileAnswer } from '../../agreements/index.ts';
import { MEDIA_TYPES } from '../../files/index.ts';
import type { Json } from '../../storage/index.ts';
import { isLanguage, languageName } from '../../texts/index.ts';
import { textOf } from '../shown/agreement-words.ts';
import { sizeWords } from '../shown/values.ts';
import {
  Checkboxes,
  DateField,
  Fieldset,
  FileField,
  type Option,
  partsOf,
  type QuestionProps,
  Radios,
  Select,
  TextField,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** More options than this are a list to open, not a row of buttons. */
const MOST_RADIOS = 8;

/** A question of the agreement as controls, named as `readForm` of the agreements room reads them. */
export function FormField({
  view,
  agreement,
  asked,
  heading,
  error,
}: {
  view: View;
  agreement: Agreement;
  asked: FieldState;
  heading: boolean;
  error: string | undefined;
}) {
  const { field, value, offered = [] } = asked;
  const question: QuestionProps = {
    view,
    name: field.name,
    label: labelOf(view, agreement, asked),
    hint: field.hint === undefined ? undefined : textOf(view, agreement, field.hint),
    error,
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
      return (
        <TextField
          {...question}
          hint={numberHint(view, agreement, field)}
          value={textIn(value)}
          chars={20}
          inputMode="numeric"
        />
      );
    case 'file':
      return <FileField {...question} hint={fileHint(view, agreement, field)} {...fileProps(view, asked)} />;
    case 'list':
      // A list has a page of its own: things-page.tsx.
      return null;
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

/** The questions of a page that are wrong, first what could not be taken at all. */
export function wrongFields(
  view: View,
  agreement: Agreement,
  fields: readonly FieldState[],
  wrong: boolean,
  refused: readonly WrongField[] = [],
): WrongField[] {
  return fields.flatMap((one) => {
    const own = refused.find(({ field }) => field === one.field.name);
    if (own !== undefined) return [own];
    const message = wrong ? errorWords(view, agreement, one) : undefined;
    return message === undefined ? [] : [{ field: one.field.name, message }];
  });
}

/** What is wrong with an answer: the agreement's own sentence, else the platform's for that kind of question. */
export function errorWords(view: View, agreement: Agreement, { field, error }: FieldState): string | undefined {
  if (error === undefined) return undefined;
  if (!error.text.startsWith('error.answer.')) return textOf(view, agreement, error.text);
  const { decimals = 10, list } = field;
  const params = { decimals, ...(list === undefined ? {} : { least: list.least, most: list.most }) };
  return view.find(`error.answer.${error.code}.${SAID_AS[field.type]}`, params) ?? view.say('error.answer.notValid');
}

/** The kinds of question that errors are worded for. */
const SAID_AS: Readonly<Record<FieldType, 'text' | 'date' | 'choice' | 'file' | 'list'>> = {
  text: 'text',
  number: 'text',
  textByState: 'text',
  date: 'date',
  choice: 'choice',
  choices: 'choice',
  yesNo: 'choice',
  state: 'choice',
  states: 'choice',
  language: 'choice',
  file: 'file',
  list: 'list',
};

const hintOf = (view: View, agreement: Agreement, { hint }: Field): string[] =>
  hint === undefined ? [] : [textOf(view, agreement, hint)];

/** The agreement's hint, with the unit of the number. */
function numberHint(view: View, agreement: Agreement, field: Field): string | undefined {
  const unit = field.unit === undefined ? [] : [textOf(view, agreement, field.unit)];
  return [...hintOf(view, agreement, field), ...unit].join(' · ') || undefined;
}

/** The agreement's hint, with what the file may be. */
function fileHint(view: View, agreement: Agreement, field: Field): string {
  const { kinds = [], largest = 0 } = field.file ?? {};
  const bounds = view.say('portal.file.bounds', {
    kinds: kinds.map((kind) => kind.toUpperCase()).join(', '),
    size: sizeWords(view, largest),
  });
  return [...hintOf(view, agreement, field), bounds].join(' ');
}

function fileProps(view: View, { field, value }: FieldState) {
  const accept = (field.file?.kinds ?? []).map((kind) => MEDIA_TYPES[kind]).join(',');
  if (!isFileAnswer(value)) return { accept };
  const { name, digest, size } = value;
  const now = view.say('portal.file.now', { name, size: sizeWords(view, size) });
  return { accept, now, kept: { digest, name }, remove: view.say('portal.file.remove') };
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
