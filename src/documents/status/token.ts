import { fromBase64Url, type PublicKey, toBase64Url } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import type { DocumentSigner } from '../sd-jwt/issue.ts';
import { numericDate, parseJws, signJws, verifyJws } from '../sd-jwt/jws.ts';
import { packStatuses, type StatusBits, statusAt } from './bits.ts';

export type DocumentStatus = 'valid' | 'revoked' | 'suspended';

/** Token Status List section 7.1. */
export const statusValues: Readonly<Record<DocumentStatus, number>> = { valid: 0, revoked: 1, suspended: 2 };

/** Whoever keeps a list may ask again after an hour, and must not use it after a week. */
const TTL_SECONDS = 3_600;
const LIFE_SECONDS = 7 * 86_400;

/** A list as its issuer knows it. */
export interface StatusList {
  uri: string;
  size: number;
  bits: StatusBits;
  /** Places whose status is not 0. */
  statuses: Iterable<readonly [index: number, status: number]>;
}

/**
 * Signs a Token Status List (draft-ietf-oauth-status-list, `statuslist+jwt`).
 * @example const token = signStatusList(signer, { uri, size: 131072, bits: 2, statuses: [[17, 1]] }, clock.now())
 */
export function signStatusList(signer: DocumentSigner, list: StatusList, now: Instant): string {
  const iat = Math.floor(Date.parse(now) / 1000);
  const lst = toBase64Url(packStatuses(list.size, list.bits, list.statuses));
  const header: Record<string, Json> = { typ: 'statuslist+jwt', x5c: signer.x5c };
  const payload = {
    sub: list.uri,
    iat,
    exp: iat + LIFE_SECONDS,
    ttl: TTL_SECONDS,
    status_list: { bits: list.bits, lst },
  };
  return signJws(signer.key, header, payload);
}

export interface StatusDemand {
  now: Instant;
  /** The list and the place that the credential names. */
  uri: string;
  index: number;
  skewSeconds?: number;
  /** The oldest status that is accepted; the list's own expiry counts in any case. */
  maxAgeSeconds?: number;
  /** The signer's key from the verifier's own trust. */
  signerKey(signer: { x5c: string[]; issuedAt: Instant }): PublicKey;
}

/**
 * The status of a credential, from a signed list (Token Status List section 8.3): right type, right list, signed by the issuer,
 * not from the future, not older than accepted.
 * @returns the status, and the moment for which the list says it
 * @throws Failure DOCUMENTS_STATUS_OLD where only its age is wrong; DOCUMENTS_* else
 */
export function readStatus(text: string, demand: StatusDemand): { status: DocumentStatus; asOf: Instant } {
  const token = parseJws(text, { typ: 'statuslist+jwt', members: ['x5c'] });
  const { x5c } = token.header;
  if (!Array.isArray(x5c) || x5c.some((one) => typeof one !== 'string')) throw malformed('it names no certificate');
  const iat = numericDate(token.payload, 'iat');
  const asOf = new Date(iat * 1000).toISOString();
  verifyJws(token, demand.signerKey({ x5c: x5c as string[], issuedAt: asOf }));
  if (token.payload.sub !== demand.uri) throw new Failure('DOCUMENTS_STATUS_OTHER_LIST');
  const status = statusName(statusAt(...listOf(token.payload.status_list), demand.index));
  checkAge(token.payload, iat, demand);
  return { status, asOf };
}

function checkAge(payload: Record<string, Json>, iat: number, demand: StatusDemand): void {
  const now = Math.floor(Date.parse(demand.now) / 1000);
  const skew = demand.skewSeconds ?? 60;
  if (iat > now + skew) throw malformed('it comes from the future');
  const exp = payload.exp === undefined ? iat + LIFE_SECONDS : numericDate(payload, 'exp');
  const last = Math.min(exp, demand.maxAgeSeconds === undefined ? exp : iat + demand.maxAgeSeconds);
  if (now > last + skew) throw new Failure('DOCUMENTS_STATUS_OLD', { at: new Date(iat * 1000).toISOString() });
}

function listOf(list: Json | undefined): [Buffer, StatusBits] {
  if (typeof list !== 'object' || list === null || Array.isArray(list)) throw malformed('it has no list');
  const { bits, lst } = list;
  if ((bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) || typeof lst !== 'string')
    throw malformed('its list is none');
  try {
    return [fromBase64Url(lst), bits];
  } catch {
    throw malformed('its list is not canonical base64url');
  }
}

/** @throws Failure DOCUMENTS_STATUS_FORM: what we do not know the meaning of is no good news */
export function statusName(value: number): DocumentStatus {
  const name = (Object.keys(statusValues) as DocumentStatus[]).find((status) => statusValues[status] === value);
  if (name === undefined) throw malformed('it says a status that is not known here');
  return name;
}

const malformed = (reason: string): Failure => new Failure('DOCUMENTS_STATUS_FORM', { reason });
