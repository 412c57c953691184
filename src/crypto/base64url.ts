import { Failure } from '../storage/index.ts';

/** Bytes as base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * The bytes of a base64url text, strictly: no padding, no foreign letter, no set trailing bits, so that every byte string has
 * exactly one text and two texts never mean the same signature or key.
 * @throws Failure CRYPTO_BASE64URL
 * @example fromBase64Url('AQID') // <Buffer 01 02 03>
 */
export function fromBase64Url(text: string): Buffer {
  // Node's decoder is lenient (it also takes base64, skips foreign letters, ignores trailing bits); the way back tells.
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Failure('CRYPTO_BASE64URL', {});
  return bytes;
}
