import type { Instant, PlainDate } from '../storage/index.ts';
import { type Language, localeOf } from './languages.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const lists = new Map<Language, Intl.ListFormat>();

/** Building an Intl object costs more than a page: each is made once. */
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(localeOf(language), options);
    formats.set(key, format);
  }
  return format;
}

const isPlainDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

/**
 * A date or a moment in the reader's words: a plain date has no zone and never shifts; a moment is shown in the given
 * zone with its offset from UTC, because a page may show moments that several states wrote down.
 *
 * @param value `2026-11-22`, or an RFC 3339 instant
 * @param zone IANA zone for a moment; UTC when left out
 * @returns the value itself when it is neither
 * @example formatDate('ru', '2026-11-22'); // '22 ноября 2026 г.'
 * @example formatDate('en', '2026-11-22T19:28:11.123Z', 'Asia/Almaty'); // '23 November 2026 at 00:28 GMT+5'
 */
export function formatDate(language: Language, value: PlainDate | Instant, zone = 'UTC'): string {
  if (isPlainDate(value)) return safely(language, { dateStyle: 'long', timeZone: 'UTC' }, `${value}T12:00:00Z`, value);
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
    timeZone: zone,
  };
  return safely(language, options, value, value);
}

/**
 * The same, short: for tables, where a column of long dates cannot be compared by eye.
 * @example formatDateShort('ru', '2026-11-02'); // '02.11.2026'
 */
export function formatDateShort(language: Language, value: PlainDate | Instant, zone = 'UTC'): string {
  const options: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };
  // English readers come from everywhere: the month is said in letters, so that nobody takes it for the day.
  if (language === 'en') options.month = 'short';
  if (isPlainDate(value)) return safely(language, { ...options, timeZone: 'UTC' }, `${value}T12:00:00Z`, value);
  return safely(language, { ...options, hour: '2-digit', minute: '2-digit', timeZone: zone }, value, value);
}

function safely(language: Language, options: Intl.DateTimeFormatOptions, value: string, otherwise: string): string {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? otherwise : dateFormat(language, options).format(moment);
}

/** A number with the reader's separators. @example formatNumber('ru', 1234.5); // '1 234,5' */
export function formatNumber(
  language: Language,
  value: number | bigint,
  options: Intl.NumberFormatOptions = {},
): string {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(localeOf(language), options);
    numbers.set(key, format);
  }
  return format.format(value);
}

/** Joins words as a sentence does. @example formatList('en', ['A', 'B']); // 'A and B' */
export function formatList(language: Language, words: string[]): string {
  let format = lists.get(language);
  if (format === undefined) {
    format = new Intl.ListFormat(localeOf(language), { type: 'conjunction', style: 'long' });
    lists.set(language, format);
  }
  return format.format(words);
}

const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

/**
 * An ISO 8601 duration in words: `P30D` is "30 days", `P1Y6M` is "1 year 6 months".
 * @returns the text itself when it is no duration
 */
export function formatDuration(language: Language, duration: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (match === null) return duration;
  const parts = UNITS.flatMap((unit, index) => {
    const amount = match[index + 1];
    if (amount === undefined) return [];
    return [formatNumber(language, Number(amount), { style: 'unit', unit: unit.slice(0, -1), unitDisplay: 'long' })];
  });
  return parts.length === 0 ? duration : parts.join(' ');
}
