import { Failure, type Instant } from '../storage/index.ts';
import { parseDuration } from './durations.ts';
import { timeZoneOf } from './time-zones.ts';

/** A day on which a state rests, each year (`05-09`) or once (`2026-03-23`). */
export type Holiday = string;

/**
 * The last moment of the n-th working day after an act: Saturdays, Sundays and the holidays given are not counted. As in `deadline`, the
 * day of the act itself does not count, whatever its hour, and the last day counts whole.
 *
 * @param days a duration of days alone, such as P15D; P0D ends with the day itself
 * @throws Failure CALENDAR_STATE_UNKNOWN, CALENDAR_DURATION_WRONG
 * @example workingDaysAfter('2026-05-07T05:00:00.000Z', 'P2D', 'kz', ['05-09']) // '2026-05-11T18:59:59.999Z': Friday 8, Monday 11 May
 */
export function workingDaysAfter(from: Instant, days: string, state: string, holidays: readonly Holiday[]): Instant {
  const length = parseDuration(days);
  if (!/^P[0-9]{1,4}D$/.test(days)) throw new Failure('CALENDAR_DURATION_WRONG', { duration: days.slice(0, 40) });
  const zone = timeZoneOf(state);
  const rest = new Set(holidays);
  let day = Temporal.Instant.from(from).toZonedDateTimeISO(zone).toPlainDate();
  for (let left = length.days; left > 0; ) {
    day = day.add({ days: 1 });
    if (isWorkingDay(day, rest)) left--;
  }
  const end = day.add({ days: 1 }).toZonedDateTime(zone).toInstant().subtract({ milliseconds: 1 });
  return end.toString({ fractionalSecondDigits: 3 });
}

function isWorkingDay(day: Temporal.PlainDate, rest: ReadonlySet<Holiday>): boolean {
  return day.dayOfWeek < 6 && !rest.has(day.toString()) && !rest.has(day.toString().slice(5));
}
