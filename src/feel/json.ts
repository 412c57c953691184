import { Failure, type Json } from '../storage/index.ts';
import { FeelFunction } from './function.ts';
import { toFeel } from './literal.ts';
import { fromDouble, isNumber, numberText } from './number/decimal.ts';
import { isContext, isList } from './operators/kinds.ts';
import { FeelRange } from './range.ts';
import { parseDate } from './time/date.ts';
import { parseDateTime } from './time/date-time.ts';
import { DaysTimeDuration, parseDuration, YearsMonthsDuration } from './time/duration.ts';
import { parseTime } from './time/time.ts';
import { typeText } from './type-text.ts';
import { ANY, type FeelType } from './types.ts';
import type { FeelNumber, FeelValue } from './values.ts';

const DEEPEST_VALUE = 200;
const MOST_PARTS = 1_000_000;

/**
 * A value of the language from JSON, read as `type` says: a text is a date where a date is wanted. What a context's type does not
 * name is left out, what the JSON does not give is null. Of Any, a text stays a text.
 *
 * @throws Failure FEEL_FACT_TYPE when the JSON does not have the type; the failure names the place, never the value
 * @example fromJson({ from: '2021-01-01' }, contextOf({ from: DATE }))
 */
export function fromJson(value: Json, type: FeelType): FeelValue {
  return read(value, type, []);
}

type Path = readonly (string | number)[];

/** Types whose values are texts in JSON, and how they are read. */
const TEXTS: Readonly<Record<string, (text: string) => FeelValue>> = {
  date: parseDate,
  time: parseTime,
  'date and time': parseDateTime,
  'days and time duration': (text) => only(DaysTimeDuration, parseDuration(text)),
  'years and months duration': (text) => only(YearsMonthsDuration, parseDuration(text)),
};

const only = <T extends FeelValue>(kind: new (...args: never[]) => T, value: FeelValue): T | null =>
  value instanceof kind ? value : null;

function read(value: Json, type: FeelType, path: Path): FeelValue {
  if (value === null) return null;
  if (path.length > DEEPEST_VALUE) throw misfit(path, type);
  const found = type.kind === 'any' ? readAny(value, path) : readTyped(value, type, path);
  if (found === null) throw misfit(path, type);
  return found;
}

function readTyped(value: Exclude<Json, null>, type: FeelType, path: Path): FeelValue {
  switch (type.kind) {
    case 'number':
      return typeof value === 'number' ? fromDouble(value) : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'string':
      return typeof value === 'string' && (type.values === undefined || type.values.includes(value)) ? value : null;
    case 'list':
      return Array.isArray(value) ? value.map((item, index) => read(item, type.item, [...path, index])) : null;
    case 'context': {
      if (typeof value !== 'object' || Array.isArray(value)) return null;
      const entries = Object.entries(type.entries).map(([name, of]): [string, FeelValue] => [
        name,
        Object.hasOwn(value, name) ? read(value[name] ?? null, of, [...path, name]) : null,
      ]);
      return new Map(entries);
    }
    default:
      return typeof value === 'string' ? (TEXTS[type.kind]?.(value) ?? null) : null;
  }
}

function readAny(value: Exclude<Json, null>, path: Path): FeelValue {
  if (typeof value === 'number') return fromDouble(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item, index) => read(item, ANY, [...path, index]));
  return new Map(Object.entries(value).map(([name, entry]) => [name, read(entry, ANY, [...path, name])]));
}

const misfit = (path: Path, type: FeelType): Failure =>
  new Failure('FEEL_FACT_TYPE', { path: path.slice(0, 12).join('.') || 'the top', expected: typeText(type) });

/**
 * A value of the language as JSON: dates, times and durations as their ISO texts, contexts as objects, ranges as FEEL, functions as
 * null. A number becomes the nearest that JSON's readers have (17 digits); one beyond their range becomes its text.
 *
 * @throws Failure FEEL_VALUE_SIZE for a value too deep or too large to be written
 */
export function toJson(value: FeelValue): Json {
  return write(value, 0, { parts: 0 });
}

function write(value: FeelValue, depth: number, count: { parts: number }): Json {
  if (depth > DEEPEST_VALUE || ++count.parts > MOST_PARTS) {
    throw new Failure('FEEL_VALUE_SIZE', { deepest: DEEPEST_VALUE, most: MOST_PARTS });
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (isNumber(value)) return writeNumber(value);
  if (isList(value)) return value.map((item) => write(item, depth + 1, count));
  if (isContext(value))
    return Object.fromEntries([...value].map(([name, entry]) => [name, write(entry, depth + 1, count)]));
  if (value instanceof FeelFunction) return null;
  return value instanceof FeelRange ? toFeel(value) : String(value);
}

function writeNumber(value: FeelNumber): Json {
  if (typeof value === 'number') return value;
  const text = numberText(value);
  const plain = Number(text);
  return Number.isFinite(plain) ? plain : text;
}
