import type { PlainDate } from '../../storage/index.ts';
import type { Column, FileFormat, RowValues } from '../definition/register.ts';
import type { RowReason } from '../failures.ts';

export type Value = RowValues[string];

/** Why a value is not taken: a code, and what its sentence needs. Never the value itself. */
export interface Refusal {
  reason: RowReason;
  params: Record<string, string | number>;
}

export type Read = { value: Value } | Refusal;

/** How values are written when an officer types them: the canonical form. */
export const CANONICAL: FileFormat = { delimiter: ',', encoding: 'utf-8', dates: 'Y-M-D', decimal: '.', missing: [] };

/**
 * One field of a file as a value of its column, or why not. Outer spaces do not count; an empty field is null.
 *
 * @param text the field as it stands in the file
 * @param today the day that a range in the definition may speak of
 * @example readValue(column, '02.03.2026', format, '2026-11-22') // { value: '2026-03-02' }
 */
export function readValue(column: Column, text: string, format: FileFormat, today: PlainDate): Read {
  const bare = text.normalize('NFC').trim();
  if (bare === '' || format.missing.includes(bare)) {
    return column.required ? refuse('VALUE_MISSING', column) : { value: null };
  }
  if ([...bare].length > column.maxLength) return refuse('VALUE_LENGTH', column, { limit: column.maxLength });
  const value = parsers[column.type](column, bare, format);
  if (value === undefined) {
    return column.type === 'code'
      ? refuse('VALUE_UNKNOWN', column)
      : refuse('VALUE_TYPE', column, { type: column.type });
  }
  if (column.pattern !== undefined && !column.pattern.test(String(value))) return refuse('VALUE_PATTERN', column);
  return inRange(column, value, today) ? { value } : refuse('VALUE_RANGE', column);
}

function refuse(reason: RowReason, column: Column, more: Record<string, string | number> = {}): Refusal {
  return { reason, params: { column: column.name, ...more } };
}

type Parse = (column: Column, text: string, format: FileFormat) => Exclude<Value, null> | undefined;

const parsers: Record<Column['type'], Parse> = {
  text: (_column, text) => (/[\p{Cc}\uFFFD]/u.test(text) ? undefined : text),
  date: (_column, text, format) => readDate(text, format.dates),
  integer: (_column, text) => {
    const value = Number(text);
    return /^-?\d{1,15}$/.test(text) && !Object.is(value, -0) ? value : undefined;
  },
  decimal: (_column, text, format) => readDecimal(text, format.decimal),
  boolean: readCode,
  code: readCode,
};

function readCode(column: Column, text: string): string | boolean | undefined {
  return column.values.get(text) ?? (column.type === 'code' ? undefined : column.values.get(text.toLowerCase()));
}

/** A day in the order that the format names; only days that exist. */
function readDate(text: string, form: string): PlainDate | undefined {
  const sign = form[1] ?? '-';
  const parts = text.split(sign);
  const part = (letter: string) => parts[form.split(sign).indexOf(letter)] ?? '';
  const [year, month, day] = [part('Y'), part('M'), part('D')];
  if (parts.length !== 3 || !/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(day))
    return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const moment = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date ? undefined : date;
}

/** A decimal as text without superfluous zeros, so that it stays exact and has one form. */
function readDecimal(text: string, sign: '.' | ','): string | undefined {
  const plain = text.replaceAll(/[\s\u00A0]/g, '').replace(sign, '.');
  const match = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(plain);
  if (match === null || match[2] === undefined || match[2].length > 30) return undefined;
  const number = match[3] === undefined || match[3] === '' ? match[2] : `${match[2]}.${match[3]}`;
  return number === '0' ? '0' : `${match[1]}${number}`;
}

function inRange(column: Column, value: Exclude<Value, null>, today: PlainDate): boolean {
  const limits = [column.min, column.max].map((limit) => (limit === 'today' ? today : limit));
  const [min, max] = limits;
  if (column.type === 'date') {
    return (min === undefined || String(value) >= min) && (max === undefined || String(value) <= max);
  }
  if (column.type !== 'integer' && column.type !== 'decimal') return true;
  return (min === undefined || Number(value) >= Number(min)) && (max === undefined || Number(value) <= Number(max));
}
