import type { Json, PlainDate } from '../../storage/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Field, FileBounds, ListOfThings } from '../types.ts';

/** Why an answer is not taken. Words for people stand under `error.answer.<code>`, or under the field's own text. */
export type AnswerErrorCode =
  | 'required'
  | 'wrongType'
  | 'notOffered'
  | 'tooLong'
  | 'tooPrecise'
  | 'notValid'
  | 'tooFew'
  | 'tooMany'
  | 'thingWrong'
  | 'fileKind'
  | 'fileTooLarge';

/** Whether a question is left open: nothing, an empty text, an empty list, no entry with words. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every((entry) => entry === '' || entry === null);
}

/** What can be chosen for a field: option values, or states. Undefined where nothing is chosen. */
export function offeredFor(field: Field, states: readonly string[]): readonly string[] | undefined {
  switch (field.type) {
    case 'choice':
    case 'choices':
      return Object.keys(field.options ?? {});
    case 'state':
    case 'states':
    case 'textByState':
      return states;
    case 'language':
      return LANGUAGES;
    default:
      return undefined;
  }
}

/** Holds an answer against its field. The answer is given: an open question is looked at elsewhere. */
export function answerError(
  field: Field,
  value: Json,
  offered: readonly string[] | undefined,
): AnswerErrorCode | undefined {
  switch (field.type) {
    case 'text':
      return textError(value, field.maxLength);
    case 'number':
      return numberError(value, field.decimals);
    case 'date':
      return isDate(value) ? undefined : 'wrongType';
    case 'yesNo':
      return typeof value === 'boolean' ? undefined : 'wrongType';
    case 'choice':
    case 'state':
    case 'language':
      if (typeof value !== 'string') return 'wrongType';
      return offered?.includes(value) ? undefined : 'notOffered';
    case 'choices':
    case 'states':
      return listError(value, offered ?? []);
    case 'textByState':
      return byStateError(value, offered ?? [], field.maxLength);
    case 'file':
      return fileError(value, field.file);
    case 'list':
      return thingsError(value, field.list);
  }
}

/** Numbers are written with at most fifteen digits before and ten after the point: a double keeps what was typed. */
function numberError(value: Json, decimals = 10): AnswerErrorCode | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'wrongType';
  return Number(value.toFixed(decimals)) === value ? undefined : 'tooPrecise';
}

/** What an application says of an uploaded file; the bytes are found by their digest. */
export interface FileAnswer {
  /** As the person's device named it. */
  name: string;
  kind: string;
  /** Bytes. */
  size: number;
  /** SHA-256, in hex. */
  digest: string;
}

const FILE_KEYS = ['digest', 'kind', 'name', 'size'];

/** Whether a value has the form of an uploaded file; that the bytes are there is known elsewhere. */
export function isFileAnswer(value: Json | undefined): value is Json & FileAnswer {
  if (!isGroup(value) || Object.keys(value).toSorted().join() !== FILE_KEYS.join()) return false;
  const { name, kind, size, digest } = value;
  const named = typeof name === 'string' && name !== '' && textError(name, 200) === undefined && !name.includes('\n');
  const counted = typeof size === 'number' && Number.isSafeInteger(size) && size > 0;
  return named && counted && typeof kind === 'string' && typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
}

function fileError(value: Json, bounds: FileBounds | undefined): AnswerErrorCode | undefined {
  if (!isFileAnswer(value)) return 'wrongType';
  if (!bounds?.kinds.some((kind) => kind === value.kind)) return 'fileKind';
  return value.size > bounds.largest ? 'fileTooLarge' : undefined;
}

/** The number of things, and the form of each by itself; conditions between them are looked at on the way through the form. */
function thingsError(value: Json, list: ListOfThings | undefined): AnswerErrorCode | undefined {
  if (list === undefined || !Array.isArray(value)) return 'wrongType';
  const count = countError(value.length, list);
  if (count !== undefined) return count;
  return value.every((thing) => isGroup(thing) && isThing(thing, list)) ? undefined : 'thingWrong';
}

export function countError(count: number, { least, most }: ListOfThings): AnswerErrorCode | undefined {
  return count < least ? 'tooFew' : count > most ? 'tooMany' : undefined;
}

function isThing(thing: { [name: string]: Json }, { fields }: ListOfThings): boolean {
  return Object.entries(thing).every(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field !== undefined && answerError(field, value, offeredFor(field, statesOfType(field))) === undefined;
  });
}

/** Whether a value is a group of names with values. */
export function isGroup(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every state that a field's type allows. */
export function statesOfType({ feelType }: Field): readonly string[] {
  if (feelType.kind === 'context') return Object.keys(feelType.entries);
  const item = feelType.kind === 'list' ? feelType.item : feelType;
  return item.kind === 'string' && 'values' in item ? (item.values ?? []) : [];
}

function textError(value: Json, maxLength: number): AnswerErrorCode | undefined {
  // Line ends and tabs are words' own; other control characters are not typed by people.
  const odd = (character: string): boolean => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 && character !== '\n' && character !== '\t';
  };
  if (typeof value !== 'string' || !value.isWellFormed() || [...value].some(odd)) return 'wrongType';
  return [...value].length > maxLength ? 'tooLong' : undefined;
}

function listError(value: Json, offered: readonly string[]): AnswerErrorCode | undefined {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return 'wrongType';
  if (!value.every((item) => typeof item === 'string')) return 'wrongType';
  return value.every((item) => offered.includes(item)) ? undefined : 'notOffered';
}

function byStateError(value: Json, offered: readonly string[], maxLength: number): AnswerErrorCode | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'wrongType';
  for (const [state, text] of Object.entries(value)) {
    if (!offered.includes(state)) return 'notOffered';
    const error = textError(text, maxLength);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Whether a value is a day that exists: 2021-02-30 does not. */
function isDate(value: Json | undefined): value is PlainDate {
  if (typeof value !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return false;
  try {
    Temporal.PlainDate.from(value, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}
