import { type Clock, Failure, type Instant, type PlainDate } from '../storage/index.ts';

/**
 * The time zone whose midnight begins the legal day of a state: that of its capital, by the names of the IANA time zone database.
 * A state with several zones counts its authorities' days in this one.
 */
const ZONES: Readonly<Record<string, string>> = {
  am: 'Asia/Yerevan',
  by: 'Europe/Minsk',
  kg: 'Asia/Bishkek',
  kz: 'Asia/Almaty',
  ru: 'Europe/Moscow',
};

/**
 * The time zone of a state.
 * @throws Failure CALENDAR_STATE_UNKNOWN
 * @example timeZoneOf('kz') // 'Asia/Almaty'
 */
export function timeZoneOf(state: string): string {
  const zone = Object.hasOwn(ZONES, state) ? ZONES[state] : undefined;
  if (zone === undefined) throw new Failure('CALENDAR_STATE_UNKNOWN', { state });
  return zone;
}

/**
 * The calendar day that a moment belongs to in a state.
 * @throws Failure CALENDAR_STATE_UNKNOWN
 * @example dayOf('2026-03-01T20:00:00.000Z', 'kz') // '2026-03-02'
 */
export function dayOf(instant: Instant, state: string): PlainDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZoneOf(state)).toPlainDate().toString();
}

/**
 * The state's today, by the injected clock.
 * @throws Failure CALENDAR_STATE_UNKNOWN
 */
export function today(clock: Clock, state: string): PlainDate {
  return dayOf(clock.now(), state);
}

/**
 * The first moment of a day in a state. Not always 00:00: a day can begin with a change of the clocks.
 * @throws Failure CALENDAR_STATE_UNKNOWN, CALENDAR_DATE_WRONG
 * @example startOfDay('2026-03-02', 'kz') // '2026-03-01T19:00:00.000Z'
 */
export function startOfDay(date: PlainDate, state: string): Instant {
  const start = plainDate(date).toZonedDateTime(timeZoneOf(state)).toInstant();
  return start.toString({ fractionalSecondDigits: 3 });
}

/** A day that was checked: the text form alone would also take `2026-03-02[u-ca=hebrew]` and times. */
export function plainDate(date: PlainDate): Temporal.PlainDate {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new Failure('CALENDAR_DATE_WRONG');
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' });
  } catch (error) {
    throw new Failure('CALENDAR_DATE_WRONG', {}, { cause: error });
  }
}
