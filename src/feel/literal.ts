import { write } from './display.ts';
import { FeelDate } from './time/date.ts';
import { FeelDateTime } from './time/date-time.ts';
import { FeelTime } from './time/time.ts';
import type { FeelValue } from './values.ts';

/**
 * A value as a FEEL expression that gives it again; a function, which has no literal, as null.
 *
 * @returns `null` also for a value nested more than 200 deep or longer than a million characters
 * @example toFeel(parseDate('2021-01-01')) // 'date("2021-01-01")'
 */
export const toFeel = (value: FeelValue): string => write(value, { temporal, spend: () => undefined }) ?? 'null';

function temporal(value: FeelValue): string {
  const name =
    value instanceof FeelDate
      ? 'date'
      : value instanceof FeelDateTime
        ? 'date and time'
        : value instanceof FeelTime
          ? 'time'
          : 'duration';
  return `${name}("${value}")`;
}
