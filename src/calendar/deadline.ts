import type { Instant } from '../storage/index.ts';
import { hasDays, hasTime, parseDuration } from './durations.ts';
import { timeZoneOf } from './time-zones.ts';

/**
 * The last moment at which an act that has `duration` from `from` is still in time, in calendar days of a state.
 *
 * A duration in days, weeks, months or years is counted from the day after and lasts to the end of its last day, whatever the
 * hour at which it began. One in hours or less is counted from moment to moment. Of a duration with both, the days are counted on the
 * state's wall clock first.
 *
 * @param from when the deadline begins
 * @throws Failure CALENDAR_STATE_UNKNOWN, CALENDAR_DURATION_WRONG
 * @example
 * deadline('2026-03-02T09:30:00.000Z', 'P10D', 'kz')  // '2026-03-12T18:59:59.999Z': the end of 12 March in Almaty
 * deadline('2026-03-02T09:30:00.000Z', 'PT10M', 'kz') // '2026-03-02T09:40:00.000Z'
 */
export function deadline(from: Instant, duration: string, state: string): Instant {
  const length = parseDuration(duration);
  const start = Temporal.Instant.from(from).toZonedDateTimeISO(timeZoneOf(state));
  if (!hasDays(length) || hasTime(length)) return text(start.add(length).toInstant());
  const dayAfter = start.toPlainDate().add(length).add({ days: 1 });
  return text(dayAfter.toZonedDateTime(timeZoneOf(state)).toInstant().subtract({ milliseconds: 1 }));
}

function text(instant: Temporal.Instant): Instant {
  return instant.toString({ fractionalSecondDigits: 3 });
}
