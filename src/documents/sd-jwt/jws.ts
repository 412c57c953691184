import { createPublicKey, verify } from 'node:crypto';
import {
  fromBase64Url,
  type PublicKey,
  rawSign,
  rawVerify,
  type SigningKey,
  type Suite,
  toBase64Url,
} from '../../crypto/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { parseStrictObject } from './strict-json.ts';

/** The one JOSE name of each suite: RFC 7518 section 3.4, and the fully specified name of RFC 9864 section 2.2. */
export const joseAlgorithm: Readonly<Record<Suite, string>> = { es256: 'ES256', ed25519: 'Ed25519' };

const LONGEST_TOKEN = 64 * 1024 * 1024;

/** A compact JWS taken apart; nothing in it is to be believed before `verifyJws`. */
export interface ParsedJws {
  header: Record<string, Json>;
  payload: Record<string, Json>;
  signature: Buffer;
  /** The ASCII text that is signed: header and payload as they came. */
  signed: string;
}

/**
 * A compact JWS (RFC 7515 section 7.1) with a JSON payload, signed by a key of ours.
 * @example signJws(key, { typ: 'statuslist+jwt', x5c }, { sub, iat, exp, status_list })
 */
export function signJws(key: SigningKey, header: Record<string, Json>, payload: Record<string, Json>): string {
  const full = { alg: joseAlgorithm[key.public.suite], ...header };
  const signed = `${encodeJson(full)}.${encodeJson(payload)}`;
  return `${signed}.${toBase64Url(rawSign(key, Buffer.from(signed)))}`;
}

/**
 * Takes a compact JWS apart, strictly: three parts, each canonical base64url, header and payload JSON objects without repeated
 * members. A header may only have the members that the caller understands (so `crit`, `b64`, `jwk`, `jku` and `kid` never steer
 * anything).
 * @throws Failure DOCUMENTS_TOKEN_FORM, DOCUMENTS_TOKEN_JSON, DOCUMENTS_TOKEN_TYPE, DOCUMENTS_TOKEN_HEADER
 */
export function parseJws(text: string, expected: { typ: string; members: readonly string[] }): ParsedJws {
  if (text.length > LONGEST_TOKEN) throw malformed('it is too long');
  const parts = text.split('.');
  if (parts.length !== 3) throw malformed('it has not three parts');
  const [head = '', body = '', end = ''] = parts;
  const header = parseStrictObject(decode(head));
  if (header.typ !== expected.typ) {
    throw new Failure('DOCUMENTS_TOKEN_TYPE', { found: String(header.typ ?? '-').slice(0, 40), wanted: expected.typ });
  }
  const foreign = Object.keys(header).find(
    (name) => name !== 'typ' && name !== 'alg' && !expected.members.includes(name),
  );
  if (foreign !== undefined) throw new Failure('DOCUMENTS_TOKEN_HEADER', { name: foreign.slice(0, 40) });
  return { header, payload: parseStrictObject(decode(body)), signature: decode(end), signed: `${head}.${body}` };
}

/**
 * Checks the signature of a token of the union with the key that the caller's own trust gave. The algorithm is the key's; the
 * header must merely agree with it.
 * @throws Failure DOCUMENTS_TOKEN_ALGORITHM, DOCUMENTS_TOKEN_SIGNATURE
 */
export function verifyJws(token: ParsedJws, key: PublicKey): void {
  demandAlgorithm(token, joseAlgorithm[key.suite]);
  if (!rawVerify(key, Buffer.from(token.signed), token.signature)) throw new Failure('DOCUMENTS_TOKEN_SIGNATURE');
}

/**
 * The same for a token that somebody's wallet signed: wallets do not know the low-S rule of our own ES256, so that both forms of
 * an ECDSA signature are taken here (RFC 7518 section 3.4). Nothing may be keyed by the bytes of such a signature.
 */
export function verifyWalletJws(token: ParsedJws, key: PublicKey): void {
  if (key.suite === 'ed25519') {
    verifyJws(token, key);
    return;
  }
  demandAlgorithm(token, joseAlgorithm[key.suite]);
  const { signature } = token;
  const handle = createPublicKey({ key: { ...key.jwk }, format: 'jwk' });
  const options = { key: handle, dsaEncoding: 'ieee-p1363' as const };
  const holds = signature.length === 64 && verify('sha256', Buffer.from(token.signed), options, signature);
  if (!holds) throw new Failure('DOCUMENTS_TOKEN_SIGNATURE');
}

/** The seconds of a NumericDate claim: whole, of this age. @throws Failure DOCUMENTS_CLAIM_MISSING, DOCUMENTS_CLAIM_FORM */
export function numericDate(payload: Record<string, Json>, claim: string): number {
  const value = payload[claim];
  if (value === undefined) throw new Failure('DOCUMENTS_CLAIM_MISSING', { claim });
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > 253_402_300_799) {
    throw new Failure('DOCUMENTS_CLAIM_FORM', { claim });
  }
  return value;
}

function demandAlgorithm(token: ParsedJws, wanted: string): void {
  const found = token.header.alg;
  if (found !== wanted)
    throw new Failure('DOCUMENTS_TOKEN_ALGORITHM', { found: String(found ?? '-').slice(0, 40), wanted });
}

function decode(part: string): Buffer {
  if (part === '') throw malformed('a part is empty');
  try {
    return fromBase64Url(part);
  } catch {
    throw malformed('a part is not canonical base64url');
  }
}

const encodeJson = (value: Record<string, Json>): string => toBase64Url(Buffer.from(JSON.stringify(value)));
const malformed = (reason: string): Failure => new Failure('DOCUMENTS_TOKEN_FORM', { reason });
