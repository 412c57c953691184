import { hash } from 'node:crypto';
import type { Json } from '../storage/index.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes, or of the UTF-8 form of a text: 32 bytes. */
export function sha256(data: Uint8Array | string): Buffer {
  return hash('sha256', data, 'buffer');
}

/** SHA-256 of bytes, or of the UTF-8 form of a text: 64 lower-case hex digits. */
export function digestHex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/**
 * The digest by which a JSON value is named everywhere: hex SHA-256 of its RFC 8785 form.
 * @throws Failure CRYPTO_JSON where the value has no canonical form
 * @example digestOf({ b: 1, a: 2 }) === digestOf({ a: 2, b: 1 })
 */
export function digestOf(value: Json): string {
  return digestHex(canonicalJson(value));
}
