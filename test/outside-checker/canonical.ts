import { createHash } from 'node:crypto';

/** Anything that JSON can say. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** The canonical text of a value (RFC 8785): members sorted by UTF-16 code units, no blanks, strings and numbers as ECMAScript writes them. */
export function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

export function sha256(...parts: (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Hex SHA-256 of a value's canonical text. */
export function digestOf(value: Value): string {
  return sha256(canonical(value)).toString('hex');
}
