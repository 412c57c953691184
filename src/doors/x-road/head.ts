import { hash } from 'node:crypto';

/** A header as it stands on the wire; names keep their case, the order counts. Values are octets, read as Latin-1. */
export type Header = readonly [name: string, value: string];

/** Neither forwarded nor hashed, in either direction. */
export const DROPPED: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'connection',
  'user-agent',
  'host',
  'content-length',
  'server',
  'expect',
]);

/** What Node hands over flat, in pairs. */
export function pairsOf(rawHeaders: readonly string[]): Header[] {
  const pairs: Header[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs;
}

/** Every value of a header, in order, whatever its case. */
export const valuesOf = (headers: readonly Header[], name: string): string[] =>
  headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** What of a request goes on: without the hop's own, the caller's request id and its hash. */
export const forwardable = (headers: readonly Header[]): Header[] =>
  without(headers, 'x-road-request-id', 'x-road-request-hash');

/** What of a service's answer goes on: without the hop's own, and what the gateway itself will say. */
export const answerable = (headers: readonly Header[]): Header[] =>
  without(
    headers,
    'x-road-id',
    'x-road-client',
    'x-road-service',
    'x-road-request-id',
    'x-road-request-hash',
    'x-road-error',
  );

function without(headers: readonly Header[], ...names: string[]): Header[] {
  return headers.filter(([name]) => !DROPPED.has(name.toLowerCase()) && !names.includes(name.toLowerCase()));
}

/** The head of a request as it is hashed and carried: `VERB CRLF path[?query] CRLF (name ":" value CRLF)*`. */
export function headBytes(method: string, target: string, headers: readonly Header[]): Buffer {
  const lines = [method, target, ...headers.map(([name, value]) => `${name}:${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

/**
 * The value of `X-Road-Request-Hash`: SHA-512 of the head, or of that digest and the body's where the body is longer than nothing.
 * @param body the SHA-512 of the body; undefined without one
 */
export function requestHash(head: Uint8Array, body?: Uint8Array): string {
  const headDigest = hash('sha512', head, 'buffer');
  if (body === undefined) return headDigest.toString('base64');
  return hash('sha512', Buffer.concat([headDigest, body]), 'base64');
}
