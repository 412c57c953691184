import { dateFromDays, type FeelDate, parseDate } from './date.ts';
import { clockText, type FeelTime, NANOS_PER_DAY, NANOS_PER_SECOND, readClock } from './time.ts';
import { namedZone, parseZone, type Zone, zoneText } from './zone.ts';

/** A FEEL date and time, local or with a zone. (A class for the same reason as `FeelDate`.) */
export class FeelDateTime {
  readonly date: FeelDate;
  /** Nanoseconds since midnight. */
  readonly nanos: number;
  readonly zone: Zone | null;
  /** The moment as day count and nanoseconds of that day, in UTC where a zone is known: what comparing needs. */
  readonly utcDays: number;
  readonly utcNanos: number;

  constructor(date: FeelDate, nanos: number, zone: Zone | null) {
    this.date = date;
    this.nanos = nanos;
    this.zone = zone;
    const shifted = nanos - (zone?.offset ?? 0) * NANOS_PER_SECOND;
    const carry = Math.floor(shifted / NANOS_PER_DAY);
    this.utcDays = date.days + carry;
    this.utcNanos = shifted - carry * NANOS_PER_DAY;
  }

  toString(): string {
    return `${this.date}T${clockText(this.nanos)}${zoneText(this.zone)}`;
  }
}

/** A date and a time of day as one; a named zone's offset is taken for that very day. */
export function atTime(date: FeelDate, time: FeelTime): FeelDateTime | null {
  return inZone(date, time.nanos, time.zone);
}

/** A wall clock's reading in a zone, whose offset is asked anew when it has a name. */
export function inZone(date: FeelDate, nanos: number, zone: Zone | null): FeelDateTime | null {
  if (zone === null || zone.id === null) return new FeelDateTime(date, nanos, zone);
  const there = namedZone(zone.id, { ...date.calendarDay(), nanos });
  return there === null ? null : new FeelDateTime(date, nanos, there);
}

/** 24:00:00 is the midnight that ends the day. */
function nextMidnight(date: FeelDate, zone: string | undefined): FeelDateTime | null {
  const next = dateFromDays(date.days + 1);
  return next === null ? null : parseDateTime(`${next}T00:00:00${zone ?? ''}`);
}

/** Reads `YYYY-MM-DDThh:mm:ss`, with fraction and zone where they are given; a bare date is midnight. Null for anything else. */
export function parseDateTime(text: string): FeelDateTime | null {
  const split = text.indexOf('T');
  const date = parseDate(split === -1 ? text : text.slice(0, split));
  if (date === null) return null;
  if (split === -1) return new FeelDateTime(date, 0, null);
  const clock = readClock(text.slice(split + 1), true);
  if (clock === null) return null;
  if (clock.nanos >= NANOS_PER_DAY) return nextMidnight(date, clock.zone);
  if (clock.zone === undefined) return new FeelDateTime(date, clock.nanos, null);
  const zone = parseZone(clock.zone, { ...date.calendarDay(), nanos: clock.nanos });
  return zone === null ? null : new FeelDateTime(date, clock.nanos, zone);
}
