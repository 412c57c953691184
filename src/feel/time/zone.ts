import { twoDigits } from './date.ts';

/** Where a time of day is meant: an offset from UTC in seconds, and the IANA zone it came from when one was named. */
export interface Zone {
  readonly offset: number;
  readonly id: string | null;
}

/** The same for every value that names no zone, so that `zone === null` means local. */
export const UTC: Zone = Object.freeze({ offset: 0, id: null });

const OFFSET = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;
/** The time zone database goes no further; XML Schema allows 14 hours, Java 18. */
const LARGEST_OFFSET = 14 * 3600;
/** Temporal ends in the year 275760; beyond it a zone keeps the offset of its last known rule. */
const LAST_ZONED_YEAR = 200_000;

/** A fixed offset in seconds, or null when it is larger than 14 hours. */
export const fixedZone = (offset: number): Zone | null => {
  if (!Number.isInteger(offset) || Math.abs(offset) > LARGEST_OFFSET) return null;
  return offset === 0 ? UTC : Object.freeze({ offset, id: null });
};

/**
 * Reads `Z`, `+05:00`, `-03:30:15` or `@Europe/Paris`; the moment is needed for a named zone's offset.
 * @returns null for an offset or zone that does not exist
 */
export function parseZone(text: string, local: LocalMoment): Zone | null {
  if (text === 'Z' || text === 'z') return UTC;
  if (text.startsWith('@')) return namedZone(text.slice(1), local);
  const match = OFFSET.exec(text);
  if (match === null) return null;
  const [minutes, seconds] = [Number(match[3]), Number(match[4] ?? 0)];
  if (minutes > 59 || seconds > 59) return null;
  return fixedZone((match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + minutes * 60 + seconds));
}

/** A wall clock's reading, for asking a zone's rules. */
export interface LocalMoment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Nanoseconds since midnight. */
  readonly nanos: number;
}

/** The zone of an IANA id at a wall-clock moment; null when there is no such zone. */
export function namedZone(id: string, local: LocalMoment): Zone | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(id)) return null;
  const seconds = Math.floor(local.nanos / 1e9);
  const year = Math.max(-LAST_ZONED_YEAR, Math.min(LAST_ZONED_YEAR, local.year));
  try {
    const zoned = Temporal.ZonedDateTime.from({
      timeZone: id,
      year,
      month: local.month,
      day: local.day,
      hour: Math.floor(seconds / 3600),
      minute: Math.floor(seconds / 60) % 60,
      second: seconds % 60,
    });
    return Object.freeze({ offset: Math.round(zoned.offsetNanoseconds / 1e9), id });
  } catch {
    return null;
  }
}

/** `Z`, `+05:00` or `@Europe/Paris`: what `parseZone` reads. */
export function zoneText(zone: Zone | null): string {
  if (zone === null) return '';
  if (zone.id !== null) return `@${zone.id}`;
  if (zone.offset === 0) return 'Z';
  const seconds = Math.abs(zone.offset);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[2] === 0) parts.pop();
  return (zone.offset < 0 ? '-' : '+') + parts.map(twoDigits).join(':');
}
