import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64Url } from './base64url.ts';
import { keyParameter, readPrivate, readPublic, refusedKey } from './jwk.ts';
import type { PrivateJwk, PublicJwk, SuiteOperations } from './suite.ts';

const P = 2n ** 255n - 19n;
/** The order of the base point (RFC 8032 section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * The y coordinates of the eight points of small order. Under such a "key" one signature verifies for many texts, so that a
 * state could deny what it signed.
 */
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  P - 1n,
  littleEndian(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
  littleEndian(Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex')),
]);

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function publicJwk(jwk: Record<string, unknown>): PublicJwk {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') throw refusedKey('ed25519', 'it is of another type or curve');
  const x = keyParameter('ed25519', jwk, 'x', 32);
  const y = littleEndian(fromBase64Url(x)) & ((1n << 255n) - 1n);
  if (y >= P) throw refusedKey('ed25519', 'its point is not in canonical form');
  if (SMALL_ORDER_Y.has(y)) throw refusedKey('ed25519', 'its point has a small order');
  return { kty: 'OKP', crv: 'Ed25519', x };
}

/**
 * Ed25519 (RFC 8032), pure. A signature whose second half is not below the group order is refused before any library sees it
 * (section 5.1.7); the first half is compared in its encoded form, so it has one form only.
 */
export const ed25519: SuiteOperations = {
  signatureLength: 64,
  generate() {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { x, d } = privateKey.export({ format: 'jwk' });
    return { kty: 'OKP', crv: 'Ed25519', x, d } as PrivateJwk;
  },
  publicJwk,
  importPublic: (jwk: PublicJwk): KeyObject => readPublic('ed25519', jwk),
  importPrivate(jwk: PrivateJwk): KeyObject {
    keyParameter('ed25519', jwk, 'd', 32);
    return readPrivate('ed25519', jwk);
  },
  sign: (key, bytes) => sign(null, bytes, key),
  verify(key, bytes, signature) {
    if (signature.length !== 64 || !isBelowOrder(signature)) return false;
    return verify(null, bytes, key, signature);
  },
};

/** Only 1 in 2^124 honest values has its top byte at 0x10, so nearly every call ends at the first comparison. */
function isBelowOrder(signature: Uint8Array): boolean {
  const top = signature[63] as number;
  return top < 0x10 || (top === 0x10 && littleEndian(signature.subarray(32)) < L);
}
