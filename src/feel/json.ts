import type { Json } from '../storage/index.ts';
import type { FeelType } from './types.ts';
import type { FeelValue } from './values.ts';

/**
 * A value of the language from JSON, read as `type` says: a text is a date where a date is wanted.
 *
 * @throws Failure FEEL_FACT_TYPE when the JSON does not have the type; the failure names the place, never the value
 */
export function fromJson(_value: Json, _type: FeelType): FeelValue {
  return null;
}

/** A value of the language as JSON: dates, times and durations as their ISO texts, contexts as objects, ranges and functions as FEEL. */
export function toJson(_value: FeelValue): Json {
  return null;
}
