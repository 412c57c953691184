import { canonicalJson, importPublicKey, type PublicKey, type Suite, sha256, toBase64Url } from '../../crypto/index.ts';
import { Failure, isFailure, type Json } from '../../storage/index.ts';
import { numericDate, type ParsedJws, parseJws, verifyWalletJws } from './jws.ts';

/** What a verifier asked: all of it must come back, signed by the holder. */
export interface KeyBindingDemand {
  audience: string;
  nonce: string;
  /** How long an answer counts. */
  maxAgeSeconds: number;
}

const SUITE_OF_CURVE: Record<string, Suite> = { 'P-256': 'es256', Ed25519: 'ed25519' };

/**
 * The holder's key that the credential is bound to (`cnf.jwk`, RFC 7800 section 3.2), or undefined where it is bound to none.
 * @throws Failure DOCUMENTS_KEY_BINDING_FORM
 */
export function holderKey(payload: Record<string, Json>): PublicKey | undefined {
  const { cnf } = payload;
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf) || Object.keys(cnf).join() !== 'jwk') {
    throw malformed('the credential names no key of the holder');
  }
  const jwk = cnf.jwk;
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw malformed('the holder has no key');
  const suite = SUITE_OF_CURVE[String(jwk.crv)];
  if (suite === undefined || 'd' in jwk) throw malformed('the key of the holder is of no known kind');
  const { kty, crv, x, y } = jwk as Record<string, Json>;
  const members = suite === 'es256' ? { kty, crv, x, y } : { kty, crv, x };
  try {
    const id = toBase64Url(sha256(canonicalJson(members as Json)));
    return importPublicKey({ suite, id, jwk: members });
  } catch {
    throw malformed('the key of the holder cannot be used');
  }
}

/**
 * Checks the Key Binding JWT of a presentation (RFC 9901 sections 4.3 and 7.3): signed by the credential's holder, for this
 * audience, this nonce, now, over exactly these disclosures. The library checks neither `aud` nor `iat`, and nothing at all
 * where no nonce is passed.
 * @param token the Key Binding JWT
 * @param presented the SD-JWT before it, with its last `~`
 * @throws Failure DOCUMENTS_KEY_BINDING_*
 */
export function verifyKeyBinding(
  token: string,
  presented: string,
  key: PublicKey,
  demand: KeyBindingDemand,
  time: { seconds: number; skewSeconds: number },
): void {
  const parsed = read(token);
  const { payload } = parsed;
  if (payload.aud !== demand.audience) throw new Failure('DOCUMENTS_KEY_BINDING_AUDIENCE');
  if (payload.nonce !== demand.nonce || demand.nonce === '') throw new Failure('DOCUMENTS_KEY_BINDING_NONCE');
  const iat = numericDate(payload, 'iat');
  if (iat > time.seconds + time.skewSeconds || iat < time.seconds - demand.maxAgeSeconds) {
    throw new Failure('DOCUMENTS_KEY_BINDING_TIME');
  }
  if (payload.exp !== undefined && numericDate(payload, 'exp') <= time.seconds - time.skewSeconds) {
    throw new Failure('DOCUMENTS_KEY_BINDING_TIME');
  }
  if (payload.sd_hash !== toBase64Url(sha256(presented))) throw new Failure('DOCUMENTS_KEY_BINDING_DIGEST');
  try {
    verifyWalletJws(parsed, key);
  } catch (error) {
    if (isFailure(error, 'DOCUMENTS_TOKEN_SIGNATURE')) throw new Failure('DOCUMENTS_KEY_BINDING_SIGNATURE');
    throw error;
  }
}

function read(token: string): ParsedJws {
  try {
    return parseJws(token, { typ: 'kb+jwt', members: [] });
  } catch (error) {
    if (isFailure(error)) throw malformed(error.code);
    throw error;
  }
}

const malformed = (reason: string): Failure => new Failure('DOCUMENTS_KEY_BINDING_FORM', { reason });
