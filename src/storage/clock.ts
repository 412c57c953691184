import type { Instant } from './values.ts';

/** The one injected clock. Everything that asks for the time asks it; nothing calls `Date.now()` or SQL `now()` for business time. */
export interface Clock {
  now(): Instant;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date().toISOString() };

/**
 * A clock that runs as the machine's, `offsetMs` milliseconds ahead (negative: behind): the demo's fixed "today".
 *
 * @example shiftedClock(-86_400_000).now() // this time yesterday
 */
export function shiftedClock(offsetMs: number): Clock {
  return offsetMs === 0 ? systemClock : { now: () => new Date(Date.now() + offsetMs).toISOString() };
}

/** The instant `milliseconds` after `instant`. @example addMilliseconds('2026-01-01T00:00:00.000Z', 1) */
export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
