import { DROPPED, type Header } from './head.ts';

/** RFC 9110 section 5.1: what a name is made of. */
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** RFC 9110 section 5.5: visible characters, spaces, tabs and octets above ASCII. A line feed alone ends a line for some servers. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Reads the headers that another node carried here. What it dropped itself when it read them must not be there: a length or a coding of
 * its choosing would make a server behind this node read a second request, which nobody decided on, out of the body of the first.
 * @returns undefined where the other node does not keep to the protocol
 */
export function readHeaders(lines: readonly string[]): Header[] | undefined {
  const headers: Header[] = [];
  for (const line of lines) {
    const at = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(0, at)), line.slice(at + 1)];
    if (!NAME.test(name) || !VALUE.test(value) || DROPPED.has(name.toLowerCase())) return undefined;
    headers.push([name, value]);
  }
  return headers;
}

/** Some servers read an underscore as a hyphen (RFC 3875 section 4.1.18 gives both one name). */
const asRead = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/**
 * The headers that go on to a service: of several clients only the one that was proven, which is the last, so that the service cannot take
 * another one for the caller.
 */
export function forService(headers: readonly Header[]): Header[] {
  const proven = headers.findLast(([name]) => name.toLowerCase() === 'x-road-client');
  return headers.filter((header) => header === proven || asRead(header[0]) !== 'x-road-client');
}

/** Headers by which many servers take another method or path than the request line's, which is the one that was decided on. */
const OVERRIDES = [
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-method',
  'x-original-url',
  'x-rewrite-url',
];

/** The name of a header that would have a service do something else than what access rights were asked for. */
export const overrideIn = (headers: readonly Header[]): string | undefined =>
  headers.map(([name]) => asRead(name)).find((name) => OVERRIDES.includes(name));
