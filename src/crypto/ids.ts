import { randomBytes as nodeRandomBytes, randomUUIDv7 } from 'node:crypto';

/** Cryptographically strong random bytes. */
export function randomBytes(length: number): Buffer {
  return nodeRandomBytes(length);
}

/**
 * A new identifier: UUID version 7 (RFC 9562 section 5.7), so that rows made together lie together in an index. Its time part
 * is for that locality alone; nothing may read a legal time from it.
 * @example randomId() // '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d'
 */
export function randomId(): string {
  return randomUUIDv7();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text from outside is a UUID in the one written form we take: lower case with hyphens. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
