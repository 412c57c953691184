import { Failure } from '../storage/index.ts';
import { type PublicKey, privateHandle, publicHandle, type SigningKey } from './keys.ts';
import { getSuite } from './suites.ts';

/**
 * Signs bytes for one use: the signature covers utf8(domain) || 0x00 || bytes, so that what was signed for one use never
 * verifies for another.
 * @throws Failure CRYPTO_DOMAIN, CRYPTO_KEY
 * @example const signature = signBytes(key, 'commonway/batch/1', envelope)
 */
export function signBytes(key: SigningKey, domain: string, bytes: Uint8Array): Buffer {
  return rawSign(key, inDomain(domain, bytes));
}

/**
 * Whether the signature is this key's over these bytes for this use. The algorithm is the key's suite, never the message's.
 * @throws Failure CRYPTO_KEY where the key itself is not a valid one
 */
export function verifyBytes(key: PublicKey, domain: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  return rawVerify(key, inDomain(domain, bytes), signature);
}

/** Signs exactly these bytes: for formats that have their own domain separation (C2SP notes, RFC 9421 signature bases). */
export function rawSign(key: SigningKey, bytes: Uint8Array): Buffer {
  return getSuite(key.public.suite).sign(privateHandle(key), bytes);
}

/** The counterpart of `rawSign`, with the same strictness as `verifyBytes`. */
export function rawVerify(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  return getSuite(key.suite).verify(publicHandle(key), bytes, signature);
}

function inDomain(domain: string, bytes: Uint8Array): Buffer {
  const prefix = Buffer.from(`${domain}\0`);
  if (domain === '' || domain.includes('\0') || prefix.length > 256 || !domain.isWellFormed()) {
    throw new Failure('CRYPTO_DOMAIN', {});
  }
  return Buffer.concat([prefix, bytes]);
}
