import { Failure, type PlainDate } from '../storage/index.ts';
import { plainDate } from './time-zones.ts';

/**
 * An ISO 8601 duration that is not negative, as a Temporal.Duration.
 * @throws Failure CALENDAR_DURATION_WRONG
 */
export function parseDuration(duration: string): Temporal.Duration {
  try {
    const parsed = Temporal.Duration.from(duration);
    if (parsed.sign >= 0) return parsed;
  } catch {
    // Falls through to the one refusal.
  }
  throw new Failure('CALENDAR_DURATION_WRONG', { duration: duration.slice(0, 40) });
}

/**
 * The day a duration of years, months, weeks and days after another. A month that lacks the day ends on its last one
 * (31 January and one month is 28 February), as periods counted in months end in civil law. Parts smaller than a day are refused.
 *
 * @throws Failure CALENDAR_DATE_WRONG, CALENDAR_DURATION_WRONG
 * @example addDuration('2026-01-31', 'P1M') // '2026-02-28'
 */
export function addDuration(date: PlainDate, duration: string): PlainDate {
  const parsed = parseDuration(duration);
  if (hasTime(parsed)) throw new Failure('CALENDAR_DURATION_WRONG', { duration: duration.slice(0, 40) });
  return plainDate(date).add(parsed).toString();
}

/** Whether a duration has hours, minutes or smaller parts. */
export function hasTime(duration: Temporal.Duration): boolean {
  const { hours, minutes, seconds, milliseconds, microseconds, nanoseconds } = duration;
  return [hours, minutes, seconds, milliseconds, microseconds, nanoseconds].some((part) => part !== 0);
}

/** Whether a duration has years, months, weeks or days. */
export function hasDays(duration: Temporal.Duration): boolean {
  return [duration.years, duration.months, duration.weeks, duration.days].some((part) => part !== 0);
}
