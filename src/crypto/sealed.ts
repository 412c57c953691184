import { Failure, type Json } from '../storage/index.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PublicKey, SigningKey } from './keys.ts';
import { signBytes, verifyBytes } from './signatures.ts';

/** A payload with the signatures of one or more keys over its canonical JSON. `signatures` is sorted by key, one per key. */
export interface Sealed<P> {
  kind: string;
  payload: P;
  signatures: { key: string; value: string }[];
}

const KIND = /^[a-z][a-z0-9-]{0,63}$/;
const MAX_SIGNATURES = 64;

/**
 * Seals a payload: each key signs canonicalJson(payload) in the domain `commonway/<kind>/1`.
 * @throws Failure CRYPTO_JSON where the payload has no canonical form, CRYPTO_SEALED_FORM for no key or one key twice
 * @example const charter = seal('charter', { version: 1 }, [rootOfKz, rootOfKg])
 */
export function seal<P>(kind: string, payload: P, keys: SigningKey[]): Sealed<P> {
  const body = bodyOf(payload);
  const signatures = keys
    .map((key) => ({ key: key.public.id, value: toBase64Url(signBytes(key, domainOf(kind), body)) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const sealed = { kind, payload, signatures };
  checkForm(sealed);
  return sealed;
}

/**
 * Adds one more signature to a sealed object: the second person signs the very payload that the first did.
 * @throws Failure CRYPTO_SEALED_FORM where the key has signed already
 * @example const approved = countersign(prepared, approver)
 */
export function countersign<P>(sealed: Sealed<P>, key: SigningKey): Sealed<P> {
  const [added] = seal(sealed.kind, sealed.payload, [key]).signatures;
  const signatures = [...sealed.signatures, ...(added === undefined ? [] : [added])];
  const both = { ...sealed, signatures: signatures.sort((a, b) => (a.key < b.key ? -1 : 1)) };
  checkForm(both);
  return both;
}

/**
 * Those of the given keys that signed, in the order of the signatures. One bad signature spoils the object: a signature that
 * is not checked would be a byte that does not count.
 * @throws Failure CRYPTO_SEALED_KIND, CRYPTO_SEALED_FORM, CRYPTO_SEALED_SIGNER for a key that was not given,
 *   CRYPTO_SEALED_SIGNATURE
 */
export function signersOf<P>(sealed: Sealed<P>, kind: string, keys: PublicKey[]): PublicKey[] {
  checkForm(sealed);
  if (sealed.kind !== kind) throw new Failure('CRYPTO_SEALED_KIND', { found: sealed.kind, wanted: kind });
  const body = bodyOf(sealed.payload);
  return sealed.signatures.map(({ key: id, value }) => {
    const key = keys.find((candidate) => candidate.id === id);
    if (!key) throw new Failure('CRYPTO_SEALED_SIGNER', { key: id });
    if (!verifyBytes(key, domainOf(kind), body, fromBase64Url(value))) {
      throw new Failure('CRYPTO_SEALED_SIGNATURE', { key: id });
    }
    return key;
  });
}

/** The exact bytes of a sealed object, as it is stored and sent. */
export function sealedBytes<P>(sealed: Sealed<P>): Buffer {
  checkForm(sealed);
  return Buffer.from(canonicalJson(sealed as unknown as Json));
}

/**
 * Reads a sealed object from bytes that are exactly its canonical form; its signatures are still to be checked by `signersOf`,
 * and the members of the payload by whoever uses them.
 * @throws Failure CRYPTO_SEALED_FORM, CRYPTO_SEALED_KIND
 */
export function parseSealed<P = Json>(bytes: Uint8Array, kind: string): Sealed<P> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw malformed('it is not JSON in UTF-8');
  }
  checkForm(value);
  if (canonicalJson(value as unknown as Json) !== text) throw malformed('its bytes are not the canonical ones');
  if (value.kind !== kind) throw new Failure('CRYPTO_SEALED_KIND', { found: value.kind, wanted: kind });
  return value as Sealed<P>;
}

function checkForm(value: unknown): asserts value is Sealed<unknown> {
  if (!hasExactly(value, ['kind', 'payload', 'signatures']))
    throw malformed('its members are not kind, payload, signatures');
  const { kind, signatures } = value;
  if (typeof kind !== 'string' || !KIND.test(kind)) throw malformed('its kind is not a plain word');
  if (!Array.isArray(signatures) || signatures.length === 0) throw malformed('it has no signature');
  if (signatures.length > MAX_SIGNATURES) throw malformed('it has too many signatures');
  let last = '';
  for (const signature of signatures as unknown[]) {
    if (!hasExactly(signature, ['key', 'value'])) throw malformed('the members of a signature are not key, value');
    if (typeof signature.key !== 'string' || typeof signature.value !== 'string')
      throw malformed('a signature is not text');
    if (signature.key <= last) throw malformed('its signatures are not sorted by key, or one key signed twice');
    last = signature.key;
    if (!isBase64Url(signature.key) || !isBase64Url(signature.value)) throw malformed('a signature is not base64url');
  }
}

function isBase64Url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

function hasExactly(value: unknown, names: string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).sort().join() === names.join();
}

const domainOf = (kind: string): string => `commonway/${kind}/1`;
const bodyOf = (payload: unknown): Buffer => Buffer.from(canonicalJson(payload as Json));
const malformed = (reason: string): Failure => new Failure('CRYPTO_SEALED_FORM', { reason });
