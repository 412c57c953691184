import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { keyParameter, readPrivate, readPublic, refusedKey } from './jwk.ts';
import type { PrivateJwk, PublicJwk, SuiteOperations } from './suite.ts';

/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3) and its half. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF = N >> 1n;
const HALF_BYTES = Buffer.from(HALF.toString(16).padStart(64, '0'), 'hex');

function publicJwk(jwk: Record<string, unknown>): PublicJwk {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw refusedKey('es256', 'it is of another type or curve');
  const x = keyParameter('es256', jwk, 'x', 32);
  const y = keyParameter('es256', jwk, 'y', 32);
  return { kty: 'EC', crv: 'P-256', x, y };
}

/**
 * ECDSA over P-256 with SHA-256 (RFC 7518 section 3.4: r || s, 32 bytes each). With s also N - s verifies; only the lower
 * of the two is made and taken, so that nobody can turn a signature into a second one. Tokens of others (JOSE) do not know
 * that rule: they are checked by the JOSE library, not here.
 */
export const es256: SuiteOperations = {
  signatureLength: 64,
  generate() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y, d } = privateKey.export({ format: 'jwk' });
    return { kty: 'EC', crv: 'P-256', x, y, d } as PrivateJwk;
  },
  publicJwk,
  importPublic: (jwk: PublicJwk): KeyObject => readPublic('es256', jwk),
  importPrivate(jwk: PrivateJwk): KeyObject {
    keyParameter('es256', jwk, 'd', 32);
    return readPrivate('es256', jwk);
  },
  sign(key, bytes) {
    return withLowS(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }));
  },
  verify(key, bytes, signature) {
    if (signature.length !== 64 || HALF_BYTES.compare(signature.subarray(32)) < 0) return false;
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  },
};

function withLowS(signature: Buffer): Buffer {
  if (HALF_BYTES.compare(signature.subarray(32)) >= 0) return signature;
  const low = N - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(low.toString(16).padStart(64, '0'), 'hex')]);
}
