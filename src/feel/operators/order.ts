import { compareNumbers } from '../number/arithmetic.ts';
import { isNumber } from '../number/decimal.ts';
import { FeelDate } from '../time/date.ts';
import { FeelDateTime } from '../time/date-time.ts';
import { DaysTimeDuration, YearsMonthsDuration } from '../time/duration.ts';
import { FeelTime } from '../time/time.ts';
import type { FeelValue } from '../values.ts';

/**
 * The order of two values of one kind: below zero, zero, above zero. Null where there is none: other kinds, different kinds, null,
 * and a local time beside one with a zone.
 */
export function orderOf(a: FeelValue, b: FeelValue): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === null || b === null) return null;
  if (typeof a === 'string') return typeof b === 'string' ? orderOfTexts(a, b) : null;
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.days - b.days : null;
  if (isNumber(a)) return isNumber(b) ? compareNumbers(a, b) : null;
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime ? orderOfMoments(a, b) : null;
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.months - b.months : null;
  if (a instanceof DaysTimeDuration) return b instanceof DaysTimeDuration ? a.days - b.days || a.nanos - b.nanos : null;
  if (a instanceof FeelTime) return b instanceof FeelTime ? orderOfTimes(a, b) : null;
  return null;
}

/** By code point, so that the order does not depend on the machine's language. */
function orderOfTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** A surrogate is the half of a code point above all that fit one unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

const orderOfMoments = (a: FeelDateTime, b: FeelDateTime): number | null =>
  (a.zone === null) === (b.zone === null) ? a.utcDays - b.utcDays || a.utcNanos - b.utcNanos : null;

const orderOfTimes = (a: FeelTime, b: FeelTime): number | null =>
  (a.zone === null) === (b.zone === null) ? a.utcNanos - b.utcNanos : null;
