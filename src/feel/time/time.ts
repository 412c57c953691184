import { twoDigits } from './date.ts';
import { parseZone, type Zone, zoneText } from './zone.ts';

export const NANOS_PER_SECOND = 1e9;
export const NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

/** A FEEL time of day, local or with a zone. (A class for the same reason as `FeelDate`.) */
export class FeelTime {
  /** Nanoseconds since midnight. */
  readonly nanos: number;
  readonly zone: Zone | null;

  constructor(nanos: number, zone: Zone | null) {
    this.nanos = nanos;
    this.zone = zone;
  }

  get hour(): number {
    return Math.floor(this.nanos / (3600 * NANOS_PER_SECOND));
  }

  get minute(): number {
    return Math.floor(this.nanos / (60 * NANOS_PER_SECOND)) % 60;
  }

  get second(): number {
    return Math.floor(this.nanos / NANOS_PER_SECOND) % 60;
  }

  /** Nanoseconds since midnight in UTC, which may lie on the day before or after. */
  get utcNanos(): number {
    return this.nanos - (this.zone?.offset ?? 0) * NANOS_PER_SECOND;
  }

  toString(): string {
    return clockText(this.nanos) + zoneText(this.zone);
  }
}

const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+\-/]*)?$/;
/** A time without a date takes its named zone's offset from this day. */
const REFERENCE_DAY = { year: 1970, month: 1, day: 1 };

/** Nanoseconds since midnight and the zone's text of `hh:mm:ss[.fff][zone]`, or null. 24:00:00 is read where `midnight` allows it. */
export function readClock(text: string, midnight = false): { nanos: number; zone: string | undefined } | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (minute > 59 || second > 59 || hour > (midnight && minute + second === 0 ? 24 : 23)) return null;
  const fraction = Number((match[4] ?? '').slice(0, 9).padEnd(9, '0'));
  return { nanos: (hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + fraction, zone: match[5] };
}

/** Reads `hh:mm:ss`, with fraction and zone where they are given; null for anything else. Digits beyond nanoseconds are dropped. */
export function parseTime(text: string): FeelTime | null {
  const clock = readClock(text.startsWith('T') ? text.slice(1) : text);
  if (clock === null) return null;
  if (clock.zone === undefined) return new FeelTime(clock.nanos, null);
  const zone = parseZone(clock.zone, { ...REFERENCE_DAY, nanos: clock.nanos });
  return zone === null ? null : new FeelTime(clock.nanos, zone);
}

/** `hh:mm:ss`, with a fraction only where there is one. */
export function clockText(nanos: number): string {
  const seconds = Math.floor(nanos / NANOS_PER_SECOND);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  return clock + fractionText(nanos % NANOS_PER_SECOND);
}

/** `.25` for 250,000,000 nanoseconds, nothing for none. */
export const fractionText = (nanos: number): string =>
  nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
