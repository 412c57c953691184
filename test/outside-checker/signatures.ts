import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { canonical, sha256, type Value } from './canonical.ts';

/** A public key as charters and manifests list it. */
export interface ListedKey {
  suite: string;
  /** RFC 7638 thumbprint of `jwk`. */
  id: string;
  jwk: { kty: string; crv: string; x: string; y?: string };
}

/** A signed object as it travels. */
export interface Signed<P> {
  kind: string;
  payload: P;
  signatures: { key: string; value: string }[];
}

/** The 32 bytes of an Ed25519 key. */
export function rawKey(key: ListedKey): Buffer {
  return Buffer.from(key.jwk.x, 'base64url');
}

/** Whether an Ed25519 key signed exactly these bytes (RFC 8032). */
export function isSignedBy(key: ListedKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  const handle = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.jwk.x }, format: 'jwk' });
  return verify(null, bytes, handle, signature);
}

/** What is signed for a use: its name, a zero byte, the canonical text. */
export function signedBytes(domain: string, value: Value): Buffer {
  return Buffer.concat([Buffer.from(domain), Buffer.of(0), Buffer.from(canonical(value))]);
}

/** Which of some keys signed an object. */
export function signersOf(object: Signed<unknown>, keys: readonly ListedKey[]): string[] {
  const bytes = signedBytes(`commonway/${object.kind}/1`, object.payload as Value);
  return object.signatures.flatMap(({ key, value }) => {
    const known = keys.find(({ id }) => id === key);
    return known !== undefined && isSignedBy(known, bytes, Buffer.from(value, 'base64url')) ? [key] : [];
  });
}

/** A key of our own: of nobody whom the union knows. */
export interface OwnKey {
  listed: ListedKey;
  handle: KeyObject;
}

export function makeKey(): OwnKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const jwk = { crv: 'Ed25519', kty: 'OKP', x };
  return {
    listed: { suite: 'ed25519', id: sha256(canonical(jwk)).toString('base64url'), jwk },
    handle: privateKey,
  };
}

/** Signs an object anew with keys of our own. */
export function signObject<P>(kind: string, payload: P, keys: readonly OwnKey[]): Signed<P> {
  const bytes = signedBytes(`commonway/${kind}/1`, payload as Value);
  const signatures = keys.map(({ listed, handle }) => ({
    key: listed.id,
    value: sign(null, bytes, handle).toString('base64url'),
  }));
  return { kind, payload, signatures: signatures.sort((one, other) => (one.key < other.key ? -1 : 1)) };
}
