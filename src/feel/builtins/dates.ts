import { type Machine, nothing } from '../machine.ts';
import { equalValues } from '../operators/equality.ts';
import { dayOfYear, weekdayOf, weekOfYear } from '../time/calendar.ts';
import { FeelDate } from '../time/date.ts';
import { FeelDateTime } from '../time/date-time.ts';
import { FeelTime } from '../time/time.ts';
import { zoneText } from '../time/zone.ts';
import type { FeelValue } from '../values.ts';
import { family } from './signature.ts';

type Moment = FeelDate | FeelDateTime;

const dayOf = (moment: Moment): FeelDate => (moment instanceof FeelDate ? moment : moment.date);

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const numberInYear = (moment: Moment): number => dayOfYear(dayOf(moment).year, dayOf(moment).days);
const weekday = (moment: Moment): FeelValue => WEEKDAYS[weekdayOf(dayOf(moment).days) - 1] ?? null;
const month = (moment: Moment): FeelValue => MONTHS[dayOf(moment).month - 1] ?? null;
const week = (moment: Moment): number => weekOfYear(dayOf(moment).days);

/** Functions of dates and times (DMN 1.5, table 78 and 79). */
export const dates = family({
  'is(value1: Any, value2: Any): boolean': identical,
  'day of year(date: date): number': numberInYear,
  'day of year(date: date and time): number': numberInYear,
  'day of week(date: date): string': weekday,
  'day of week(date: date and time): string': weekday,
  'month of year(date: date): string': month,
  'month of year(date: date and time): string': month,
  'week of year(date: date): number': week,
  'week of year(date: date and time): number': week,
});

/** Functions that read the clock: the moment is the caller's, and only who asks for it may use them. */
export const clock = family({
  'now(): date and time': (machine: Machine) => machine.now ?? nothing(machine, 'ARGUMENT_INVALID', 'now'),
  'today(): date': (machine: Machine) => machine.now?.date ?? nothing(machine, 'ARGUMENT_INVALID', 'today'),
});

/** Equal and of one kind, with the same zone: 12:00Z is 13:00+01:00 but not identical with it. */
function identical(a: FeelValue, b: FeelValue, machine: Machine): boolean {
  if (equalValues(a, b, machine) !== true) return false;
  if ((a instanceof FeelDateTime && b instanceof FeelDateTime) || (a instanceof FeelTime && b instanceof FeelTime)) {
    return a.nanos === b.nanos && zoneText(a.zone) === zoneText(b.zone);
  }
  return true;
}
