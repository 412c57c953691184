import type { Json, PlainDate } from '../../storage/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Field } from '../types.ts';

/** Why an answer is not taken. Words for people stand under `error.answer.<code>`, or under the field's own text. */
export type AnswerErrorCode = 'required' | 'wrongType' | 'notOffered' | 'tooLong' | 'notValid';

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
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'wrongType';
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
  }
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
