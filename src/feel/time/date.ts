import { type CalendarDay, calendarDay, daysInMonth, daysOf, LAST_YEAR } from './calendar.ts';

/**
 * A FEEL date. A class, because its identity is the type's tag: the language tells values apart by it at run time.
 * Own form and not `Temporal.PlainDate`, since comparing two is a hundred times faster (6 ns against 800 ns). Year, month and day are
 * worked out when they are first asked for: most dates are only compared.
 */
export class FeelDate {
  /** Days since 1970-01-01. */
  readonly days: number;
  private named: CalendarDay | undefined;

  constructor(days: number, named?: CalendarDay) {
    this.days = days;
    this.named = named;
  }

  get year(): number {
    return this.calendarDay().year;
  }

  get month(): number {
    return this.calendarDay().month;
  }

  get day(): number {
    return this.calendarDay().day;
  }

  calendarDay(): CalendarDay {
    this.named ??= calendarDay(this.days);
    return this.named;
  }

  toString(): string {
    const { year, month, day } = this.calendarDay();
    return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
  }
}

const FIRST_DAY = daysOf(-LAST_YEAR, 1, 1);
const LAST_DAY = daysOf(LAST_YEAR, 12, 31);

/** The date of a year, month (1-12) and day, or null where the calendar has no such day. */
export function makeDate(year: number, month: number, day: number): FeelDate | null {
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(day)) return null;
  if (Math.abs(year) > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return new FeelDate(daysOf(year, month, day), { year, month, day });
}

/** The date that lies `days` after 1970-01-01; null out of the years that FEEL has. */
export function dateFromDays(days: number): FeelDate | null {
  return days < FIRST_DAY || days > LAST_DAY ? null : new FeelDate(days);
}

/**
 * A date so many months later: the same day of the month, or the month's last where it is shorter.
 *
 * @example addMonths(makeDate(2021, 1, 31), 1) // 2021-02-28
 */
export function addMonths(date: FeelDate, months: number): FeelDate | null {
  const from = date.calendarDay();
  const count = from.year * 12 + (from.month - 1) + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  if (Math.abs(year) > LAST_YEAR) return null;
  const day = Math.min(from.day, daysInMonth(year, month));
  return new FeelDate(daysOf(year, month, day), { year, month, day });
}

/**
 * Whole months from one date to another, negative when `to` is earlier. A month is whole when its day is reached:
 * 2019-02-28 to 2021-03-01 is 24 months, 2021-01-31 to 2021-02-28 none.
 */
export function monthsBetween(from: FeelDate, to: FeelDate): number {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  if (months > 0 && to.day < from.day) return months - 1;
  if (months < 0 && to.day > from.day) return months + 1;
  return months;
}

const DATE = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)$/;

/** Reads `YYYY-MM-DD`; null for anything else, and for a day that does not exist. */
export function parseDate(text: string): FeelDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const year = Number(match[2]);
  return makeDate(match[1] === '-' ? -year : year, Number(match[3]), Number(match[4]));
}

const yearText = (year: number): string => (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(4, '0');

export const twoDigits = (value: number): string => String(value).padStart(2, '0');
