import { fromBase64Url, sha256, toBase64Url } from '../../crypto/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { parseStrictJson } from './strict-json.ts';

/** Claims that a verifier must see to judge the credential at all (SD-JWT VC, section on registered claims). */
export const alwaysDisclosed = ['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status'] as const;

const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const DEEPEST = 32;

interface Disclosure {
  /** Absent for an element of a list. */
  name?: string;
  value: Json;
}

/**
 * Checks that the disclosures and the digests of a credential fit exactly (RFC 9901 section 7.1, steps 3 to 5, all of which the
 * library leaves out): every disclosure is referenced by exactly one digest, no digest stands twice, none overwrites a claim,
 * no claim is hidden that must be seen.
 * @param payload the payload of the issuer's token
 * @param texts the disclosures as they came
 * @returns names of the claims at the top that were disclosed
 * @throws Failure DOCUMENTS_DISCLOSURE_*, DOCUMENTS_DIGEST_ALGORITHM
 */
export function checkDisclosures(payload: Record<string, Json>, texts: readonly string[]): string[] {
  // RFC 9901 section 4.1.1: absent means SHA-256. Another algorithm is another format to us.
  if (payload._sd_alg !== undefined && payload._sd_alg !== 'sha-256') throw new Failure('DOCUMENTS_DIGEST_ALGORITHM');
  const disclosures = new Map<string, Disclosure>();
  for (const text of texts) {
    const digest = toBase64Url(sha256(text));
    if (disclosures.has(digest)) throw new Failure('DOCUMENTS_DISCLOSURE_TWICE');
    disclosures.set(digest, readDisclosure(text));
  }
  const seen = new Set<string>();
  const top: string[] = [];
  walk(payload, 0);
  if ([...disclosures.keys()].some((digest) => !seen.has(digest)))
    throw new Failure('DOCUMENTS_DISCLOSURE_UNREFERENCED');
  return top;

  function walk(value: Json, depth: number): void {
    if (typeof value !== 'object' || value === null) return;
    if (depth > DEEPEST) throw malformed('it is nested too deeply');
    if (Array.isArray(value)) for (const element of value) walkElement(element, depth);
    else walkObject(value, depth);
  }

  function walkElement(element: Json, depth: number): void {
    if (typeof element !== 'object' || element === null || Array.isArray(element) || !('...' in element)) {
      walk(element, depth + 1);
      return;
    }
    if (Object.keys(element).length !== 1) throw malformed('a hidden element has other members');
    const disclosure = take(element['...']);
    if (!disclosure) return;
    if (disclosure.name !== undefined) throw malformed('a member is disclosed as an element');
    walk(disclosure.value, depth + 1);
  }

  function walkObject(object: Record<string, Json>, depth: number): void {
    if ('...' in object) throw malformed('a hidden element stands outside a list');
    if (depth > 0 && '_sd_alg' in object) throw malformed('it changes the digest algorithm inside');
    const names = new Set(Object.keys(object));
    for (const [name, value] of Object.entries(object)) if (name !== '_sd') walk(value, depth + 1);
    if (object._sd === undefined) return;
    if (!Array.isArray(object._sd)) throw malformed('_sd is not a list');
    for (const digest of object._sd) {
      const disclosure = take(digest);
      if (!disclosure) continue;
      if (disclosure.name === undefined) throw malformed('an element is disclosed as a member');
      if (names.has(disclosure.name)) throw new Failure('DOCUMENTS_DISCLOSURE_OVERWRITES');
      names.add(disclosure.name);
      if (depth === 0) takeTop(disclosure.name);
      walk(disclosure.value, depth + 1);
    }
  }

  function takeTop(name: string): void {
    if ((alwaysDisclosed as readonly string[]).includes(name)) {
      throw new Failure('DOCUMENTS_DISCLOSURE_RESERVED', { claim: name });
    }
    top.push(name);
  }

  function take(digest: Json | undefined): Disclosure | undefined {
    if (typeof digest !== 'string' || !DIGEST.test(digest) || !isCanonical(digest))
      throw malformed('a digest is not one');
    if (seen.has(digest)) throw new Failure('DOCUMENTS_DISCLOSURE_TWICE');
    seen.add(digest);
    return disclosures.get(digest);
  }
}

function readDisclosure(text: string): Disclosure {
  let value: Json;
  try {
    value = parseStrictJson(fromBase64Url(text));
  } catch {
    throw malformed('it is not JSON in canonical base64url');
  }
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) throw malformed('it has not two or three parts');
  // 128 bits (RFC 9901 section 9.3): a shorter salt lets anybody guess what was hidden.
  if (typeof value[0] !== 'string' || value[0].length < 22) throw malformed('its salt is too short');
  if (value.length === 2) return { value: value[1] as Json };
  const name = value[1];
  if (typeof name !== 'string' || name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__') {
    throw malformed('its name is not allowed');
  }
  return { name, value: value[2] as Json };
}

function isCanonical(digest: string): boolean {
  return Buffer.from(digest, 'base64url').toString('base64url') === digest;
}

const malformed = (reason: string): Failure => new Failure('DOCUMENTS_DISCLOSURE_FORM', { reason });
