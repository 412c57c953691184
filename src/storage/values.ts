/** A moment: RFC 3339 in UTC with milliseconds, `2026-11-22T19:28:11.123Z`. The form at borders, in rows and in signed JSON. */
export type Instant = string;

/** A calendar day: `YYYY-MM-DD`. */
export type PlainDate = string;

/** What JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A value as a parameter for a `jsonb` column. Needed because the driver would send an array as a PostgreSQL array and a string
 * as it stands.
 *
 * @example tx.query('insert into draft (answers) values ($1::jsonb)', [json(answers)])
 */
export function json(value: unknown): string {
  return JSON.stringify(value);
}
