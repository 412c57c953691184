import { SDJwtInstance } from '@sd-jwt/core';
import { fromBase64Url, type PublicKey, rawVerify, sha256 } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import { checkDisclosures } from './disclosures.ts';
import { joseAlgorithm, numericDate, type ParsedJws, parseJws, verifyJws } from './jws.ts';
import { holderKey, type KeyBindingDemand, verifyKeyBinding } from './key-binding.ts';

export interface SdJwtDemand {
  now: Instant;
  /** Clocks of others may differ by so much; 60 when left out. */
  skewSeconds?: number;
  /** Types that are accepted; any when left out. */
  vct?: readonly string[];
  /** The issuer's key, from the verifier's own trust. Called before anything in the token is believed. Throws when there is none. */
  issuerKey(issuer: { x5c: string[]; claims: Record<string, Json> }): PublicKey;
  /** Given: the holder must prove herself so. Left out: a presentation that carries a proof is refused, since nothing was asked. */
  keyBinding?: KeyBindingDemand;
  /** A document on paper or in a bundle stays readable after its last day: the caller judges `expiresAt` itself. */
  ignoreExpiry?: boolean;
}

export interface VerifiedSdJwt {
  /** All disclosed claims, without the digests. */
  claims: Record<string, Json>;
  vct: string;
  issuedAt: Instant;
  expiresAt?: Instant;
  /** Names of the claims that the holder chose to show. */
  disclosed: string[];
  status?: { uri: string; index: number };
  holderKey?: PublicKey;
  /** The issuer's token alone: what a ledger leaf names. */
  issuerToken: string;
}

const LONGEST = 1024 * 1024;

/**
 * Verifies an SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc, media type `dc+sd-jwt`) against the verifier's own trust.
 *
 * The library unpacks the claims; everything it lets pass is refused here first: unreferenced, repeated or overwriting
 * disclosures, a missing or false key binding, other algorithms, types, headers, parts or forms of the text.
 * The status of the document is another question: see `readStatus`.
 * @throws Failure DOCUMENTS_*
 * @example const { claims } = await verifySdJwt(text, { now: clock.now(), issuerKey: ({ x5c }) => keyFromCharter(x5c) })
 */
export async function verifySdJwt(text: string, demand: SdJwtDemand): Promise<VerifiedSdJwt> {
  const { issuerToken, disclosures, keyBinding, presented } = split(text);
  const token = parseJws(issuerToken, { typ: 'dc+sd-jwt', members: ['x5c'] });
  const key = demand.issuerKey({ x5c: chainOf(token), claims: token.payload });
  verifyJws(token, key);
  const disclosed = checkDisclosures(token.payload, disclosures);
  const times = checkTimes(token.payload, demand);
  const vct = checkType(token.payload, demand.vct);
  const holder = holderKey(token.payload);
  if (demand.keyBinding) {
    if (keyBinding === '' || !holder) throw new Failure('DOCUMENTS_KEY_BINDING_MISSING');
    verifyKeyBinding(keyBinding, presented, holder, demand.keyBinding, {
      seconds: Math.floor(Date.parse(demand.now) / 1000),
      skewSeconds: demand.skewSeconds ?? 60,
    });
  } else if (keyBinding !== '') throw new Failure('DOCUMENTS_KEY_BINDING_UNASKED');
  const claims = await unpack(presented, key);
  return { claims, vct, ...times, disclosed, status: statusOf(claims), holderKey: holder, issuerToken };
}

/** `<issuer's token>~<disclosure>~...~<key binding or nothing>` (RFC 9901 section 4). */
function split(text: string): { issuerToken: string; disclosures: string[]; keyBinding: string; presented: string } {
  if (text.length > LONGEST) throw malformed('it is too long');
  if (!/^[A-Za-z0-9._~-]+$/.test(text)) throw malformed('it has foreign letters');
  const parts = text.split('~');
  if (parts.length < 2) throw malformed('its last ~ is missing');
  const [issuerToken = '', ...rest] = parts;
  const keyBinding = rest.pop() ?? '';
  if (rest.includes('')) throw malformed('a disclosure is empty');
  return { issuerToken, disclosures: rest, keyBinding, presented: text.slice(0, text.length - keyBinding.length) };
}

function chainOf(token: ParsedJws): string[] {
  const { x5c } = token.header;
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.some((one) => typeof one !== 'string')) {
    throw new Failure('DOCUMENTS_CHAIN', { reason: 'the token names no certificate' });
  }
  return x5c as string[];
}

function checkTimes(payload: Record<string, Json>, demand: SdJwtDemand): { issuedAt: Instant; expiresAt?: Instant } {
  const now = Math.floor(Date.parse(demand.now) / 1000);
  const skew = demand.skewSeconds ?? 60;
  const iat = numericDate(payload, 'iat');
  const from = payload.nbf === undefined ? iat : Math.max(iat, numericDate(payload, 'nbf'));
  if (from > now + skew) throw new Failure('DOCUMENTS_NOT_YET_VALID', { from: instant(from) });
  if (payload.exp === undefined) return { issuedAt: instant(iat) };
  const exp = numericDate(payload, 'exp');
  if (exp <= iat) throw new Failure('DOCUMENTS_CLAIM_FORM', { claim: 'exp' });
  if (exp <= now - skew && !demand.ignoreExpiry) throw new Failure('DOCUMENTS_EXPIRED', { until: instant(exp) });
  return { issuedAt: instant(iat), expiresAt: instant(exp) };
}

function checkType(payload: Record<string, Json>, accepted: readonly string[] | undefined): string {
  const { vct } = payload;
  if (typeof vct !== 'string' || vct === '') throw new Failure('DOCUMENTS_CLAIM_MISSING', { claim: 'vct' });
  if (accepted && !accepted.includes(vct)) throw new Failure('DOCUMENTS_WRONG_TYPE');
  return vct;
}

/** The place in a Token Status List. Another way of telling a status is one that we would overlook: refused. */
function statusOf(claims: Record<string, Json>): { uri: string; index: number } | undefined {
  const { status } = claims;
  if (status === undefined) return undefined;
  const list = isObject(status) && Object.keys(status).join() === 'status_list' ? status.status_list : undefined;
  if (!isObject(list) || typeof list.uri !== 'string' || !Number.isSafeInteger(list.idx) || (list.idx as number) < 0) {
    throw new Failure('DOCUMENTS_CLAIM_FORM', { claim: 'status' });
  }
  return { uri: list.uri, index: list.idx as number };
}

/** The library's own reading, with our verification of the signature inside it: it must agree before it says a word. */
async function unpack(presented: string, key: PublicKey): Promise<Record<string, Json>> {
  const reader = new SDJwtInstance({
    hasher: (data) => sha256(typeof data === 'string' ? data : new Uint8Array(data)),
    signAlg: joseAlgorithm[key.suite],
    verifier: (signed, signature) => rawVerify(key, Buffer.from(signed), fromBase64Url(signature)),
  });
  // Times are judged above, by the caller's clock: the library gets a moment at which everything of ours would be in force.
  const { payload } = await reader.verify(presented, { skewSeconds: Number.MAX_SAFE_INTEGER });
  return payload as Record<string, Json>;
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const instant = (seconds: number): Instant => new Date(seconds * 1000).toISOString();
const malformed = (reason: string): Failure => new Failure('DOCUMENTS_TOKEN_FORM', { reason });
