import { Failure } from '../storage/index.ts';

const UNRESERVED = /^[A-Za-z0-9._~-]$/;
/** RFC 3986 section 3.3, without the percent sign. */
const PCHAR = /^[A-Za-z0-9._~!$&'()*+,;=:@-]$/;
/** Longer than what servers take (RFC 9110 section 4.1 recommends 8000 octets). */
const LONGEST = 8192;

/**
 * The one form of a service path, for the decision and for the forwarding alike: RFC 3986 section 6.2.2 with upper-case hex and
 * unreserved characters bare. Reserved ones stay as they were written, since `;` and `%3B` are not the same to a server.
 * `''` and `/` are two paths. What servers read in several ways is refused: encoded slash, backslash and zero byte, dot segments (also
 * with parameters, `..;x`), empty segments before the last (also with parameters, `;x`), and percent sequences that are not UTF-8.
 *
 * @param raw the bytes after the service code, as ASCII: `/persons/%D0%B0?` without the query
 * @throws Failure ACCESS_PATH
 * @example canonicalPath('/a%2d%c3%a4') // '/a-%C3%A4'
 */
export function canonicalPath(raw: string): string {
  if (raw === '') return '';
  if (raw.length > LONGEST) throw refused(`it is longer than ${LONGEST} characters`);
  if (!raw.startsWith('/')) throw refused('it does not begin with a slash');
  const segments = raw.slice(1).split('/').map(canonicalSegment);
  segments.forEach((segment, place) => {
    if (segment === '' && place < segments.length - 1) throw refused('it has an empty segment');
    if (/^\.\.?(;|%3B|$)/.test(segment)) throw refused('it has a dot segment');
    // Servers that take parameters off a segment are left with an empty one.
    if (/^(;|%3B)/.test(segment)) throw refused('it has a segment of parameters alone');
  });
  return `/${segments.join('/')}`;
}

/** @throws Failure ACCESS_PATH */
export function canonicalSegment(raw: string): string {
  let canonical = '';
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at] as string;
    if (character !== '%') {
      if (!PCHAR.test(character)) throw refused('it has a character that must be percent-encoded');
      canonical += character;
      continue;
    }
    const hex = raw.slice(at + 1, at + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw refused('a percent sequence is not of two hexadecimal digits');
    const decoded = String.fromCharCode(Number.parseInt(hex, 16));
    if (decoded === '/' || decoded === '\\' || decoded === '\0') throw refused('it hides a separator or a zero byte');
    canonical += UNRESERVED.test(decoded) ? decoded : `%${hex.toUpperCase()}`;
    at += 2;
  }
  try {
    decodeURIComponent(canonical);
  } catch {
    throw refused('a percent sequence is not UTF-8');
  }
  return canonical;
}

const refused = (reason: string): Failure => new Failure('ACCESS_PATH', { reason });
