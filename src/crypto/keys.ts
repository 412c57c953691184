import type { KeyObject } from 'node:crypto';
import { Failure, type Json } from '../storage/index.ts';
import { toBase64Url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digests.ts';
import { refusedKey } from './jwk.ts';
import type { PrivateJwk, PublicJwk, Suite } from './suite.ts';
import { getSuite } from './suites.ts';

/** A key that others may know. `id` is the RFC 7638 thumbprint of `jwk`, base64url: the key names itself. */
export interface PublicKey {
  suite: Suite;
  id: string;
  jwk: PublicJwk;
}

/** A key that signs. Plain data, so that it can be written to a key file (mode 0600); it is never logged or sent. */
export interface SigningKey {
  public: PublicKey;
  privateJwk: PrivateJwk;
}

/** A new key. @example const root = generateKey(); generateKey('es256') */
export function generateKey(suite: Suite = 'ed25519'): SigningKey {
  const operations = getSuite(suite);
  const privateJwk = Object.freeze(operations.generate());
  return Object.freeze({ public: describe(suite, operations.publicJwk({ ...privateJwk })), privateJwk });
}

/**
 * A public key that came from outside, checked whole: known suite, exactly the members of its kind, parameters in their one
 * canonical form, a real point, and the id that the parameters give.
 * @throws Failure CRYPTO_KEY, CRYPTO_SUITE
 * @example const key = importPublicKey(JSON.parse(text))
 */
export function importPublicKey(value: unknown): PublicKey {
  const { suite, id, jwk } = membersOf(value, ['id', 'jwk', 'suite'], 'unknown');
  const operations = getSuite(suite);
  const name = suite as Suite;
  const wanted = operations.publicJwk(jwk as Record<string, unknown>);
  membersOf(jwk, Object.keys(wanted).sort(), name);
  const key = describe(name, wanted);
  if (key.id !== id) throw refusedKey(name, 'its id is not the thumbprint of its parameters');
  operations.importPublic(wanted);
  return key;
}

/**
 * A signing key read from its JSON, with the same checks, and that both halves belong together.
 * @throws Failure CRYPTO_KEY, CRYPTO_SUITE
 */
export function importSigningKey(value: unknown): SigningKey {
  const members = membersOf(value, ['privateJwk', 'public'], 'unknown');
  const key = importPublicKey(members.public);
  const names = [...Object.keys(key.jwk), 'd'].sort();
  const jwk = membersOf(members.privateJwk, names, key.suite);
  for (const [name, part] of Object.entries(key.jwk)) {
    if (jwk[name] !== part) throw refusedKey(key.suite, 'its private part belongs to another public key');
  }
  const privateJwk = Object.freeze({ ...jwk }) as unknown as PrivateJwk;
  getSuite(key.suite).importPrivate(privateJwk);
  return Object.freeze({ public: key, privateJwk });
}

/** The text of a key file: canonical JSON and a line end. Secret: the caller writes it with mode 0600. */
export function exportSigningKey(key: SigningKey): string {
  return `${canonicalJson({ privateJwk: { ...key.privateJwk }, public: publicKeyJson(key.public) })}\n`;
}

/** A public key as a plain JSON value, for signed objects. */
export function publicKeyJson(key: PublicKey): { suite: Suite; id: string; jwk: Record<string, Json> } {
  return { suite: key.suite, id: key.id, jwk: { ...key.jwk } };
}

/** The key as PEM (PKCS #8), as TLS servers and other tools take it. Secret. */
export function privateKeyPem(key: SigningKey): string {
  return privateHandle(key).export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** RFC 7638: SHA-256 over the required members in lexicographic order. */
function describe(suite: Suite, jwk: PublicJwk): PublicKey {
  return Object.freeze({ suite, id: toBase64Url(sha256(canonicalJson({ ...jwk }))), jwk: Object.freeze(jwk) });
}

function membersOf(value: unknown, names: string[], suite: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusedKey(suite, 'it is not an object');
  const found = Object.keys(value).sort();
  if (found.join() !== names.join()) throw refusedKey(suite, `its members are not exactly ${names.join(', ')}`);
  return value as Record<string, unknown>;
}

// Reading a key costs as much as a signature, so handles are kept. They are kept by what the key *is*, never by object or id
// alone: whoever alters a key object gets another handle or a refusal.
const KEPT = 2048;
const publicHandles = new Map<string, KeyObject>();
const privateHandles = new WeakMap<SigningKey, KeyObject>();

/** The handle of a public key, after all checks of `importPublicKey`. @throws Failure CRYPTO_KEY, CRYPTO_SUITE */
export function publicHandle(key: PublicKey): KeyObject {
  const jwk = key.jwk as { kty: string; crv: string; x: string; y?: string };
  const identity = `${key.suite} ${key.id} ${jwk.kty} ${jwk.crv} ${jwk.x} ${jwk.y ?? ''}`;
  const kept = publicHandles.get(identity);
  if (kept) return kept;
  const checked = importPublicKey({ suite: key.suite, id: key.id, jwk: key.jwk });
  const handle = getSuite(checked.suite).importPublic(checked.jwk);
  if (publicHandles.size >= KEPT) publicHandles.clear();
  publicHandles.set(identity, handle);
  return handle;
}

/** The handle of a signing key. @throws Failure CRYPTO_KEY, CRYPTO_SUITE */
export function privateHandle(key: SigningKey): KeyObject {
  const kept = privateHandles.get(key);
  if (kept) return kept;
  const handle = getSuite(key.public.suite).importPrivate(importSigningKey(key).privateJwk);
  if (Object.isFrozen(key) && Object.isFrozen(key.privateJwk)) privateHandles.set(key, handle);
  return handle;
}

/** @throws Failure CRYPTO_KEY where the key is of another suite than a format demands */
export function demandSuite(key: PublicKey, suite: Suite): void {
  if (key.suite !== suite) throw new Failure('CRYPTO_KEY', { suite, reason: `it is of the suite ${key.suite}` });
}
