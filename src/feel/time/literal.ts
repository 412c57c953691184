import { FeelDate, parseDate } from './date.ts';
import { FeelDateTime, parseDateTime } from './date-time.ts';
import { DaysTimeDuration, parseDuration, YearsMonthsDuration } from './duration.ts';
import { FeelTime, parseTime } from './time.ts';

export type TemporalValue = FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration;

/** What an `@"..."` literal stands for, told by its form; null when it has none of the forms. */
export function parseTemporal(text: string): TemporalValue | null {
  if (/^-?P/.test(text)) return parseDuration(text);
  if (/^T?\d\d:/.test(text)) return parseTime(text);
  return text.includes('T') ? parseDateTime(text) : parseDate(text);
}

export const isTemporal = (value: unknown): value is TemporalValue =>
  value instanceof FeelDate ||
  value instanceof FeelDateTime ||
  value instanceof FeelTime ||
  value instanceof DaysTimeDuration ||
  value instanceof YearsMonthsDuration;
