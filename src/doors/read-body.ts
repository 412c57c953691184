import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Body } from '../calls/index.ts';
import type { Json } from '../storage/index.ts';
import { hasRepeatedName } from './repeated-name.ts';

export type Header = readonly [name: string, value: string];

/** Whether a content is JSON by its headers, and not encoded. */
export function isJson(headers: readonly Header[]): boolean {
  const valuesOf = (wanted: string) =>
    headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const [type = ''] = valuesOf('content-type');
  return /^application\/([a-z0-9.+-]+\+)?json\s*(;|$)/i.test(type) && valuesOf('content-encoding').length === 0;
}

/** JSON in which no name stands twice: parsers read such a one in different ways. */
export function jsonOf(bytes: Uint8Array): Json | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const value = JSON.parse(text) as Json;
    return hasRepeatedName(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The whole of a body of at most so many bytes; of a longer one a stream of everything besides what was read of it. */
export async function firstBytes(
  body: Uint8Array | Readable,
  most: number,
): Promise<[start: Uint8Array] | [start: Uint8Array, whole: Readable]> {
  if (body instanceof Uint8Array) return [body];
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body.iterator({ destroyOnReturn: false })) {
    parts.push(part as Uint8Array);
    size += (part as Uint8Array).length;
    if (size > most) break;
  }
  const start = Buffer.concat(parts);
  if (size <= most) return [start];
  body.unshift(start);
  // A stream that was iterated decides in the next turn whether it flows: whoever began to listen before would be given bytes too early.
  await nextTurn();
  return [start, body];
}

/** A stream that nobody reads would hold its connection. */
export function drain(body: Body): void {
  if (body !== null && !(body instanceof Uint8Array)) body.resume();
}
