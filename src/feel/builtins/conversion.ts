import { displayText } from '../display.ts';
import type { Machine } from '../machine.ts';
import { decimalOf, parseNumber } from '../number/decimal.ts';
import { FeelDate, makeDate, monthsBetween, parseDate } from '../time/date.ts';
import { atTime, type FeelDateTime, inZone, parseDateTime } from '../time/date-time.ts';
import { type DaysTimeDuration, parseDuration, YearsMonthsDuration } from '../time/duration.ts';
import { FeelTime, NANOS_PER_DAY, NANOS_PER_SECOND, parseTime } from '../time/time.ts';
import { fixedZone, namedZone, UTC } from '../time/zone.ts';
import type { FeelNumber, FeelValue } from '../values.ts';
import { family } from './signature.ts';

type Moment = FeelDate | FeelDateTime;

const dayOf = (moment: Moment): FeelDate => (moment instanceof FeelDate ? moment : moment.date);

const wholeMonths = (from: Moment, to: Moment): YearsMonthsDuration =>
  new YearsMonthsDuration(monthsBetween(dayOf(from), dayOf(to)));

/** Conversion between types (DMN 1.5, table 71). */
export const conversion = family({
  'date(from: string): date': (text: string) => parseDate(text) ?? undefined,
  'date(from: date): date': (date: FeelDate) => date,
  'date(from: date and time): date': (moment: FeelDateTime) => moment.date,
  'date(year: number, month: number, day: number): date': (year: FeelNumber, month: FeelNumber, day: FeelNumber) =>
    makeDate(Number(year), Number(month), Number(day)) ?? undefined,

  'date and time(from: string): date and time': (text: string) => parseDateTime(text) ?? undefined,
  'date and time(date: date, time: time): date and time': (date: FeelDate, time: FeelTime) =>
    atTime(date, time) ?? undefined,
  'date and time(date: date and time, time: time): date and time': (moment: FeelDateTime, time: FeelTime) =>
    atTime(moment.date, time) ?? undefined,
  'date and time(date: date and time, timezone: string): date and time': (moment: FeelDateTime, id: string) => {
    const zone = namedZone(id, { ...moment.date.calendarDay(), nanos: moment.nanos });
    return zone === null ? undefined : (inZone(moment.date, moment.nanos, zone) ?? undefined);
  },

  'time(from: string): time': (text: string) => parseTime(text) ?? undefined,
  'time(from: time): time': (time: FeelTime) => time,
  'time(from: date and time): time': (moment: FeelDateTime) => new FeelTime(moment.nanos, moment.zone),
  'time(from: date): time': () => new FeelTime(0, UTC),
  'time(hour: number, minute: number, second: number, offset?: days and time duration | null): time': makeTime,

  'number(from: string): number': (text: string) => parseNumber(text) ?? undefined,
  'number(from: number): number': (number: FeelNumber) => number,
  'number(from: string, grouping separator: string | null, decimal separator: string | null): number': readGrouped,

  'string(from: Any): string': (value: FeelValue, machine: Machine) =>
    value === null ? null : (displayText(value, machine) ?? undefined),

  'duration(from: string): Any': (text: string) => parseDuration(text) ?? undefined,
  'duration(from: days and time duration): days and time duration': (duration: DaysTimeDuration) => duration,
  'duration(from: years and months duration): years and months duration': (duration: YearsMonthsDuration) => duration,

  'years and months duration(from: date, to: date): years and months duration': wholeMonths,
  'years and months duration(from: date and time, to: date and time): years and months duration': wholeMonths,
  'years and months duration(from: date, to: date and time): years and months duration': wholeMonths,
  'years and months duration(from: date and time, to: date): years and months duration': wholeMonths,
});

function makeTime(
  hour: FeelNumber,
  minute: FeelNumber,
  second: FeelNumber,
  offset: DaysTimeDuration | null,
): FeelTime | undefined {
  if (typeof hour !== 'number' || typeof minute !== 'number') return undefined;
  const nanos = decimalOf(second).times(NANOS_PER_SECOND).truncated().toNumber();
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || nanos < 0 || nanos >= 60 * NANOS_PER_SECOND)
    return undefined;
  const zone = offset === null ? null : fixedZone((offset.days * NANOS_PER_DAY + offset.nanos) / NANOS_PER_SECOND);
  if (offset !== null && zone === null) return undefined;
  return new FeelTime((hour * 3600 + minute * 60) * NANOS_PER_SECOND + nanos, zone);
}

/** `number("1 234,5", " ", ",")` */
function readGrouped(text: string, grouping: string | null, decimal: string | null): FeelNumber | undefined {
  if (grouping !== null && ![' ', ',', '.'].includes(grouping)) return undefined;
  if (decimal !== null && ![',', '.'].includes(decimal)) return undefined;
  if (grouping !== null && grouping === decimal) return undefined;
  const joined = grouping === null ? text : text.replaceAll(grouping, '');
  if (decimal !== null && decimal !== '.' && joined.includes('.')) return undefined;
  return parseNumber(decimal === null ? joined : joined.replace(decimal, '.')) ?? undefined;
}
