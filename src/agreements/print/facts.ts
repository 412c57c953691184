import type { Json } from '../../storage/index.ts';
import { isFileAnswer } from '../journey/answers.ts';
import type { Sheet } from './sheet.ts';
import { elementOf, entryOf, type Known, labelOf, wordOf } from './wording/known.ts';

/** A value of an example in words: dates, durations and codes as people read them, parts of records by their labels. */
export function valueWords(sheet: Sheet, value: Json, known: Known): string {
  const { say, number, book } = sheet;
  if (value === null) return say('wording.null');
  if (typeof value === 'boolean') return say(value ? 'common.yes' : 'common.no');
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return textWords(sheet, value, known);
  if (Array.isArray(value)) {
    if (value.length === 0) return say('wording.list.empty');
    const records = value.some((item) => typeof item === 'object' && item !== null);
    return value.map((item) => valueWords(sheet, item, elementOf(known))).join(records ? '; ' : ', ');
  }
  // An uploaded file is called by its name.
  if (isFileAnswer(value)) return value.name;
  return Object.entries(value)
    .map(([name, part]) => {
      const entry = entryOf(known, name);
      const shown = labelOf(entry, book) ?? nameOf(sheet, name);
      return `${shown}: ${valueWords(sheet, part, entry)}`;
    })
    .join(', ');
}

function textWords({ book, date, duration }: Sheet, value: string, known: Known): string {
  const word = wordOf(known, value, book);
  if (word !== undefined) return word;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(value);
  return /^P(?=\d|T\d)/.test(value) ? duration(value) : value;
}

const nameOf = ({ agreement, state }: Sheet, name: string): string =>
  agreement.parties.includes(name) ? state(name) : name;
