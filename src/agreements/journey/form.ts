import type { Json } from '../../storage/index.ts';
import type { Answers } from '../decision/types.ts';
import type { FieldState } from './journey.ts';

/** A posted form: a name has one value, or several when a box of that name was ticked more than once. */
export type PostedForm = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads the answers of one page, or of one thing of a list, from a posted form. Every field asked is in the result, null where it was
 * left open; what cannot be read stays as it was written, so that the person sees her own words beside the error. Lists and files stay
 * as they are: each thing has a page of its own, and the bytes of a file are taken by whoever keeps them.
 *
 * Names of inputs: the field's name; `name.day`, `name.month`, `name.year` for a date; `name.ru` and so on for a text by state;
 * `yes` or `no` for a yes-or-no question; `name.remove` to take a file back.
 *
 * @example readForm(page, { 'birth.day': '1', 'birth.month': '2', 'birth.year': '1961' }) // { birth: '1961-02-01' }
 */
export function readForm(page: { fields: readonly FieldState[] }, form: PostedForm): Answers {
  const answers: Answers = {};
  for (const asked of page.fields) answers[asked.field.name] = readField(asked, form);
  return answers;
}

function readField({ field, offered = [], value: before }: FieldState, form: PostedForm): Json {
  const { name } = field;
  switch (field.type) {
    case 'choices':
    case 'states': {
      const ticked = all(form[name]);
      // The order of the offer, not of the browser: equal choices are equal answers.
      const known = offered.filter((value) => ticked.includes(value));
      return [...known, ...new Set(ticked.filter((value) => !offered.includes(value)))];
    }
    case 'yesNo': {
      const value = one(form[name]);
      return value === 'yes' ? true : value === 'no' ? false : orNull(value);
    }
    case 'number': {
      const value = one(form[name]).replace(',', '.');
      return /^[+-]?[0-9]{1,15}(\.[0-9]{1,10})?$/.test(value) ? Number(value) : orNull(value);
    }
    case 'date':
      return readDate(name, form);
    case 'textByState': {
      const entries = offered.map((state) => [state, one(form[`${name}.${state}`])] as const);
      const given = entries.filter(([, text]) => text !== '');
      return given.length === 0 ? null : Object.fromEntries(given);
    }
    case 'list':
      return before;
    case 'file':
      return one(form[`${name}.remove`]) === '' ? before : null;
    default:
      return orNull(one(form[name]));
  }
}

function readDate(name: string, form: PostedForm): Json {
  const [day, month, year] = ['day', 'month', 'year'].map((part) => one(form[`${name}.${part}`]));
  if (day === '' && month === '' && year === '') return orNull(one(form[name]));
  return `${(year ?? '').padStart(4, '0')}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
}

function all(value: PostedForm[string]): readonly string[] {
  if (value === undefined) return [];
  return (typeof value === 'string' ? [value] : value).filter((item) => item !== '');
}

/** The one value of a name, in the normal form in which texts are compared (Unicode NFC). */
function one(value: PostedForm[string]): string {
  return (all(value)[0] ?? '').normalize('NFC').replaceAll('\r\n', '\n').trim();
}

const orNull = (text: string): string | null => (text === '' ? null : text);
