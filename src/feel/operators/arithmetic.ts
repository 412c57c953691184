import { type Machine, nothing, spend } from '../machine.ts';
import { add, divide, minus, multiply, power, subtract } from '../number/arithmetic.ts';
import { Decimal128, decimalOf, isNumber } from '../number/decimal.ts';
import type { ArithmeticOperator } from '../syntax/tree.ts';
import { addMonths, dateFromDays, FeelDate } from '../time/date.ts';
import { FeelDateTime, inZone } from '../time/date-time.ts';
import { DaysTimeDuration, daysTime, negate, YearsMonthsDuration, yearsMonths } from '../time/duration.ts';
import { FeelTime, NANOS_PER_DAY } from '../time/time.ts';
import { UTC } from '../time/zone.ts';
import type { FeelNumber, FeelValue } from '../values.ts';
import { kindOf } from './kinds.ts';

/** Longest text that an evaluation may build. */
export const LONGEST_TEXT = 1_000_000;

/** The value of `a operator b`; null, with its reason in the trace, where it has none. */
export function calculate(operator: ArithmeticOperator, a: FeelValue, b: FeelValue, machine: Machine): FeelValue {
  if (a === null || b === null) return null;
  const value = OPERATIONS[operator](a, b, machine);
  if (value === undefined) return nothing(machine, 'TYPE_MISMATCH', `${kindOf(a)} ${operator} ${kindOf(b)}`);
  return value ?? nothing(machine, 'NUMBER_OUT_OF_RANGE', operator);
}

type Operation = (a: FeelValue, b: FeelValue, machine: Machine) => FeelValue | undefined;

const OPERATIONS: Readonly<Record<ArithmeticOperator, Operation>> = {
  '+': plus,
  '-': less,
  '*': times,
  '/': over,
  '**': (a, b) => (isNumber(a) && isNumber(b) ? power(a, b) : undefined),
};

function plus(a: FeelValue, b: FeelValue, machine: Machine): FeelValue | undefined {
  if (isNumber(a)) return isNumber(b) ? add(a, b) : undefined;
  if (typeof a === 'string') return typeof b === 'string' ? joinTexts(a, b, machine) : undefined;
  if (isDuration(b)) return later(a, b);
  return isDuration(a) ? later(b, a) : undefined;
}

function less(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (isNumber(a)) return isNumber(b) ? subtract(a, b) : undefined;
  if (isDuration(b)) return later(a, oppositeDuration(b));
  return difference(a, b);
}

function times(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (isNumber(a)) return isNumber(b) ? multiply(a, b) : isDuration(b) ? scale(b, a) : undefined;
  return isDuration(a) && isNumber(b) ? scale(a, b) : undefined;
}

function over(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (isNumber(a)) return isNumber(b) ? divide(a, b) : undefined;
  if (a instanceof YearsMonthsDuration) {
    if (b instanceof YearsMonthsDuration) return divide(a.months, b.months);
    return isNumber(b) ? yearsMonthsOf(divide(a.months, b)) : undefined;
  }
  if (a instanceof DaysTimeDuration) {
    if (b instanceof DaysTimeDuration) return divide(nanosOf(a), nanosOf(b));
    return isNumber(b) ? daysTimeOf(divide(nanosOf(a), b)) : undefined;
  }
  return undefined;
}

/** `-a` */
export function oppositeOf(a: FeelValue, machine: Machine): FeelValue {
  if (a === null) return null;
  if (isNumber(a)) return minus(a);
  return isDuration(a) ? oppositeDuration(a) : nothing(machine, 'TYPE_MISMATCH', `- ${kindOf(a)}`);
}

function joinTexts(a: string, b: string, machine: Machine): string | null {
  const length = a.length + b.length;
  spend(machine, 1 + (length >> 6));
  return length > LONGEST_TEXT ? null : a + b;
}

type Duration = DaysTimeDuration | YearsMonthsDuration;

const isDuration = (value: FeelValue): value is Duration =>
  value instanceof DaysTimeDuration || value instanceof YearsMonthsDuration;

/** The same length the other way. */
export const oppositeDuration = (duration: Duration): Duration =>
  duration instanceof DaysTimeDuration ? negate(duration) : new YearsMonthsDuration(0 - duration.months);

/** A date, time or duration, moved by a duration. A date moved by hours is the day on which they end, counted from midnight. */
function later(value: FeelValue, by: Duration): FeelValue | undefined {
  if (by instanceof YearsMonthsDuration) {
    if (value instanceof YearsMonthsDuration) return yearsMonths(value.months + by.months);
    if (value instanceof FeelDate) return addMonths(value, by.months);
    if (!(value instanceof FeelDateTime)) return undefined;
    const date = addMonths(value.date, by.months);
    return date === null ? null : inZone(date, value.nanos, value.zone);
  }
  if (value instanceof DaysTimeDuration) return daysTime(value.days + by.days, value.nanos + by.nanos);
  if (value instanceof FeelDate) return dateFromDays(value.days + by.days);
  if (value instanceof FeelTime) return new FeelTime((value.nanos + by.nanos) % NANOS_PER_DAY, value.zone);
  if (!(value instanceof FeelDateTime)) return undefined;
  const nanos = value.nanos + by.nanos;
  const carry = Math.floor(nanos / NANOS_PER_DAY);
  const date = dateFromDays(value.date.days + by.days + carry);
  return date === null ? null : inZone(date, nanos - carry * NANOS_PER_DAY, value.zone);
}

function difference(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (a instanceof FeelDate && b instanceof FeelDate) return new DaysTimeDuration(a.days - b.days, 0);
  if (a instanceof FeelTime && b instanceof FeelTime) return daysTime(0, a.utcNanos - b.utcNanos);
  const [from, to] = [momentOf(b), momentOf(a)];
  if (from === null || to === null || (from.zone === null) !== (to.zone === null)) return undefined;
  return daysTime(to.utcDays - from.utcDays, to.utcNanos - from.utcNanos);
}

/** A date beside a date and time is its midnight in UTC (DMN 1.5, 10.3.2.3.6). */
const momentOf = (value: FeelValue): FeelDateTime | null =>
  value instanceof FeelDateTime ? value : value instanceof FeelDate ? new FeelDateTime(value, 0, UTC) : null;

function scale(duration: Duration, by: FeelNumber): Duration | null {
  return duration instanceof YearsMonthsDuration
    ? yearsMonthsOf(multiply(duration.months, by))
    : daysTimeOf(multiply(nanosOf(duration), by));
}

/** All of a duration in nanoseconds: exact, since 34 digits hold every one that exists. */
const nanosOf = (duration: DaysTimeDuration): FeelNumber =>
  add(multiply(duration.days, NANOS_PER_DAY) ?? 0, duration.nanos) ?? 0;

/** Fractions of a month are dropped. */
const yearsMonthsOf = (months: FeelNumber | null): YearsMonthsDuration | null =>
  months === null ? null : yearsMonths(decimalOf(months).truncated().toNumber());

/** Fractions of a nanosecond are dropped. */
function daysTimeOf(nanos: FeelNumber | null): DaysTimeDuration | null {
  if (nanos === null) return null;
  const whole = decimalOf(nanos).truncated();
  const days = Decimal128.floor(Decimal128.div(whole, NANOS_PER_DAY));
  return daysTime(days.toNumber(), Decimal128.sub(whole, Decimal128.mul(days, NANOS_PER_DAY)).toNumber());
}
