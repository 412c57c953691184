/** The proleptic Gregorian calendar (ISO 8601) in whole numbers: exact for every year that FEEL allows. */

/** FEEL takes the years of XML Schema with at most nine digits (DMN 1.5, 10.3.2.3.4). */
export const LAST_YEAR = 999_999_999;

/** A day by its name: months and days count from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_IN_400_YEARS = 146_097;
/** From 0000-03-01, where the algorithms count from, to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

/**
 * Days since 1970-01-01 of a calendar day. Years begin in March here, so that the leap day comes last.
 *
 * @example daysOf(2021, 1, 1) // 18628
 */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_400_YEARS + dayOfEra - DAYS_TO_1970;
}

/** The calendar day that lies `days` after 1970-01-01: the inverse of `daysOf`. */
export function calendarDay(days: number): CalendarDay {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** ISO 8601 weekday of a day count: Monday is 1, Sunday 7. 1970-01-01 was a Thursday. */
export const weekdayOf = (days: number): number => ((((days + 3) % 7) + 7) % 7) + 1;

/** 1 to 366. */
export const dayOfYear = (year: number, days: number): number => days - daysOf(year, 1, 1) + 1;

/** ISO 8601 week number: the week of a day is that of its Thursday. */
export function weekOfYear(days: number): number {
  const thursday = days - weekdayOf(days) + 4;
  const { year } = calendarDay(thursday);
  return Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1;
}
