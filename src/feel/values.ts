import type { Decimal } from 'decimal.js';
import type { FeelFunction } from './function.ts';
import type { FeelRange } from './range.ts';
import type { FeelDate } from './time/date.ts';
import type { FeelDateTime } from './time/date-time.ts';
import type { DaysTimeDuration, YearsMonthsDuration } from './time/duration.ts';
import type { FeelTime } from './time/time.ts';

/**
 * A number with decimal128 semantics. A whole number that JavaScript holds exactly is always a plain number, every other one always
 * a `Decimal`: so two equal numbers have the same form, and the usual arithmetic runs on plain numbers.
 */
export type FeelNumber = number | Decimal;

/** A context: names in the order they were given. */
export type FeelContext = ReadonlyMap<string, FeelValue>;

/** Any value of the language. All of them are immutable. */
export type FeelValue =
  | null
  | boolean
  | string
  | FeelNumber
  | FeelDate
  | FeelTime
  | FeelDateTime
  | DaysTimeDuration
  | YearsMonthsDuration
  | FeelRange
  | FeelFunction
  | FeelContext
  | readonly FeelValue[];
