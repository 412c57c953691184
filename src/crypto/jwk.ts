import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Failure } from '../storage/index.ts';
import { fromBase64Url } from './base64url.ts';
import type { PrivateJwk, PublicJwk } from './suite.ts';

/** A key parameter of exactly `length` bytes as canonical base64url. @throws Failure CRYPTO_KEY */
export function keyParameter(suite: string, jwk: Record<string, unknown>, name: string, length: number): string {
  const text = jwk[name];
  if (typeof text !== 'string') throw refusedKey(suite, `its member ${name} is missing`);
  let bytes: Buffer;
  try {
    bytes = fromBase64Url(text);
  } catch {
    throw refusedKey(suite, `its member ${name} is not canonical base64url`);
  }
  if (bytes.length !== length) throw refusedKey(suite, `its member ${name} has not ${length} bytes`);
  return text;
}

export function refusedKey(suite: string, reason: string): Failure {
  return new Failure('CRYPTO_KEY', { suite, reason });
}

/** Lets node read the public key. @throws Failure CRYPTO_KEY for parameters that are no point of the curve */
export function readPublic(suite: string, jwk: PublicJwk): KeyObject {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw refusedKey(suite, 'its parameters are no point of the curve');
  }
}

/** Lets node read the private key, and checks that it makes the public one it came with. @throws Failure CRYPTO_KEY */
export function readPrivate(suite: string, jwk: PrivateJwk): KeyObject {
  let key: KeyObject;
  let made: JsonWebKey;
  try {
    key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    // By way of PKCS #8, which for Ed25519 holds the seed alone: the public part is then derived, not believed.
    const der = key.export({ format: 'der', type: 'pkcs8' });
    made = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' });
  } catch {
    throw refusedKey(suite, 'its private part cannot be read');
  }
  if (made.x !== jwk.x || ('y' in jwk && made.y !== jwk.y)) {
    throw refusedKey(suite, 'its private part belongs to another public key');
  }
  return key;
}
