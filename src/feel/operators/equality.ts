import { FeelFunction } from '../function.ts';
import { type Machine, spend } from '../machine.ts';
import { equalNumbers } from '../number/arithmetic.ts';
import { isNumber } from '../number/decimal.ts';
import { FeelRange } from '../range.ts';
import { FeelDate } from '../time/date.ts';
import { FeelDateTime } from '../time/date-time.ts';
import { DaysTimeDuration, YearsMonthsDuration } from '../time/duration.ts';
import { FeelTime } from '../time/time.ts';
import type { FeelContext, FeelValue } from '../values.ts';
import { isContext, isList } from './kinds.ts';

/**
 * `a = b` (DMN 1.5, 10.3.2.3.2 and table 53): null for values of different kinds, and where a part of them is. Null equals null.
 * Lists, contexts and ranges are compared part by part, each part charged to the machine.
 */
export function equalValues(a: FeelValue, b: FeelValue, machine: Machine): boolean | null {
  if (a === null || b === null) return a === b;
  if (typeof a === typeof b && typeof a !== 'object') return a === b;
  if (isNumber(a)) return isNumber(b) ? equalNumbers(a, b) : null;
  if (typeof a !== 'object') return null;
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.days === b.days : null;
  if (isList(a)) return isList(b) ? equalLists(a, b, machine) : null;
  if (isContext(a)) return isContext(b) ? equalContexts(a, b, machine) : null;
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.months === b.months : null;
  if (a instanceof DaysTimeDuration)
    return b instanceof DaysTimeDuration ? a.days === b.days && a.nanos === b.nanos : null;
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime ? equalMoments(a, b) : null;
  if (a instanceof FeelTime) return b instanceof FeelTime ? equalTimes(a, b) : null;
  if (a instanceof FeelRange) return b instanceof FeelRange ? equalRanges(a, b, machine) : null;
  if (a instanceof FeelFunction) return b instanceof FeelFunction ? a === b : null;
  return null;
}

/** Equality as a plain yes or no, for looking things up: what cannot be compared is not equal. */
export const same = (a: FeelValue, b: FeelValue, machine: Machine): boolean =>
  a === b || equalValues(a, b, machine) === true;

/** Both local or both in a zone, and the same moment. */
const equalMoments = (a: FeelDateTime, b: FeelDateTime): boolean =>
  (a.zone === null) === (b.zone === null) && a.utcDays === b.utcDays && a.utcNanos === b.utcNanos;

const equalTimes = (a: FeelTime, b: FeelTime): boolean =>
  (a.zone === null) === (b.zone === null) && a.utcNanos === b.utcNanos;

function equalLists(a: readonly FeelValue[], b: readonly FeelValue[], machine: Machine): boolean | null {
  if (a.length !== b.length) return false;
  spend(machine, a.length);
  let result: boolean | null = true;
  for (let index = 0; index < a.length; index++) {
    const equal = equalValues(a[index] ?? null, b[index] ?? null, machine);
    if (equal === false) return false;
    if (equal === null) result = null;
  }
  return result;
}

function equalContexts(a: FeelContext, b: FeelContext, machine: Machine): boolean | null {
  if (a.size !== b.size) return false;
  spend(machine, a.size);
  let result: boolean | null = true;
  for (const [name, value] of a) {
    if (!b.has(name)) return false;
    const equal = equalValues(value, b.get(name) ?? null, machine);
    if (equal === false) return false;
    if (equal === null) result = null;
  }
  return result;
}

function equalRanges(a: FeelRange, b: FeelRange, machine: Machine): boolean | null {
  if (a.startIncluded !== b.startIncluded || a.endIncluded !== b.endIncluded) return false;
  const start = equalValues(a.start, b.start, machine);
  const end = equalValues(a.end, b.end, machine);
  if (start === false || end === false) return false;
  return start === null || end === null ? null : true;
}
