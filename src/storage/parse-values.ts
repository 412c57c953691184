import pg from 'pg';
import { Failure } from './failure.ts';

type Parse = (text: string) => unknown;

const OID = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184 } as const;
const ARRAY_OF = { int8: 1016, date: 1182, timestamp: 1115, timestamptz: 1185 } as const;
const TEXT_ARRAY = 1009;

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Failure('STORAGE_UNSAFE_INTEGER', { value: text });
  return value;
}

/** `2026-11-22 19:28:11.1234+00` becomes `2026-11-22T19:28:11.123Z`; the two infinities stay words. */
function toInstant(text: string): string {
  if (text.endsWith('infinity')) return text;
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (parts === null) return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
  return `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
}

const asText: Parse = (text) => text;

function arrayOf(parse: Parse): Parse {
  const split = pg.types.getTypeParser(TEXT_ARRAY as number as 25) as (text: string) => (string | null)[];
  return (text) => split(text).map((part) => (part === null ? null : parse(part)));
}

const PARSERS = new Map<number, Parse>([
  [OID.int8, toSafeInteger],
  [OID.date, asText],
  [OID.timestamp, asText],
  [OID.timestamptz, toInstant],
  [ARRAY_OF.int8, arrayOf(toSafeInteger)],
  [ARRAY_OF.date, arrayOf(asText)],
  [ARRAY_OF.timestamp, arrayOf(asText)],
  [ARRAY_OF.timestamptz, arrayOf(toInstant)],
]);

/**
 * How values leave the database: `timestamptz` as Instant, `date` as PlainDate, `int8` as a safe number (else
 * `STORAGE_UNSAFE_INTEGER`), `numeric` as text, `bytea` as Buffer, `jsonb` as its value.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : PARSERS.get(oid)) ??
    pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};
