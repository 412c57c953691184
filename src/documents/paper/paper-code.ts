import { fromBase64Url, type PublicKey, rawSign, rawVerify, type Suite } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import type { DocumentSigner } from '../sd-jwt/issue.ts';
import { fromBase45, toBase45 } from './base45.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';

/** Says what follows, as a QR code has nothing else to say it. */
const PREFIX = 'CW1:';
/** More does not print well at a size that a telephone reads. */
const MOST_BYTES = 900;
/** RFC 9053 section 2.1, RFC 9864 section 2.2. */
const COSE_ALGORITHM: Readonly<Record<Suite, number>> = { es256: -7, ed25519: -19 };
/** The first bytes of the RFC 7638 thumbprint: enough to name one of a state's few keys. */
const KEY_ID_BYTES = 8;

/** CWT claim keys: RFC 8392 section 4, SD-CWT (`vct`), and our own in the private range. */
const CLAIM = {
  iss: 1,
  exp: 4,
  iat: 6,
  cti: 7,
  vct: 11,
  agency: -65_601,
  claims: -65_602,
  credential: -65_603,
} as const;

/** What a paper code says. */
export interface PaperContent {
  /** Code of the issuing state. */
  state: string;
  agency: string;
  /** Id of the document: a UUID. */
  document: string;
  vct: string;
  issuedAt: Instant;
  expiresAt?: Instant;
  /** The claims; left out where they do not fit. Then the code proves the document by its digest alone. */
  claims?: Record<string, Json>;
  /** Hex SHA-256 of the issuer's token of the credential. */
  credential: string;
}

/**
 * The text of the printed QR code: a COSE_Sign1 (RFC 9052 section 4.2) over CWT claims in base45, at most 900 bytes. It has neither a
 * link nor a chain: who reads it needs the issuer's manifest, and no network. Claims that do not fit are left out.
 * @example const text = signPaperCode(signer, { state: 'kz', agency, document: id, vct, issuedAt, claims, credential })
 */
export function signPaperCode(signer: DocumentSigner, content: PaperContent): string {
  const whole = build(signer, content);
  const bytes = whole.length <= MOST_BYTES ? whole : build(signer, { ...content, claims: undefined });
  return PREFIX + toBase45(bytes);
}

/**
 * Verifies a paper code by the reader's own trust, and says what it says. Whether the document was revoked it cannot know.
 * @throws Failure DOCUMENTS_PAPER_FORM, DOCUMENTS_TOKEN_ALGORITHM, DOCUMENTS_TOKEN_SIGNATURE, DOCUMENTS_ISSUER_*, DOCUMENTS_NOT_YET_VALID,
 *   DOCUMENTS_EXPIRED
 */
export function verifyPaperCode(text: string, trust: TrustView, now: Instant): PaperContent {
  if (!text.startsWith(PREFIX) || text.length > 4 * MOST_BYTES) throw malformed('it does not begin as one');
  const [header, unprotected, payload, signature] = partsOf(decodeCbor(fromBase45(text.slice(PREFIX.length))));
  if (unprotected.size > 0) throw malformed('it has unsigned members');
  const content = contentOf(decodeCbor(payload));
  const key = signerOf(trust, content, decodeCbor(header));
  if (!rawVerify(key, signedBytes(header, payload), signature)) throw new Failure('DOCUMENTS_TOKEN_SIGNATURE');
  if (!trust.manifest(content.state).agencies.some(({ id }) => id === content.agency)) {
    throw new Failure('DOCUMENTS_ISSUER_NAME', { claim: 'agency' });
  }
  if (content.issuedAt > now) throw new Failure('DOCUMENTS_NOT_YET_VALID', { from: content.issuedAt });
  const { expiresAt } = content;
  if (expiresAt !== undefined && expiresAt <= now) throw new Failure('DOCUMENTS_EXPIRED', { until: expiresAt });
  return content;
}

function build(signer: DocumentSigner, content: PaperContent): Buffer {
  const { key } = signer;
  const header = encodeCbor(
    new Map<number, Cbor>([
      [1, COSE_ALGORITHM[key.public.suite]],
      [4, fromBase64Url(key.public.id).subarray(0, KEY_ID_BYTES)],
    ]),
  );
  const claims = new Map<number, Cbor>([
    [CLAIM.iss, content.state],
    [CLAIM.iat, seconds(content.issuedAt)],
    [CLAIM.cti, Buffer.from(content.document.replaceAll('-', ''), 'hex')],
    [CLAIM.vct, content.vct],
    [CLAIM.agency, content.agency],
    [CLAIM.credential, Buffer.from(content.credential, 'hex')],
  ]);
  if (content.expiresAt !== undefined) claims.set(CLAIM.exp, seconds(content.expiresAt));
  if (content.claims) claims.set(CLAIM.claims, fromJson(content.claims));
  const payload = encodeCbor(claims);
  return encodeCbor([header, new Map(), payload, rawSign(key, signedBytes(header, payload))]);
}

/** RFC 9052 section 4.4. */
function signedBytes(header: Uint8Array, payload: Uint8Array): Buffer {
  return encodeCbor(['Signature1', header, new Uint8Array(), payload]);
}

function partsOf(value: Cbor): [Uint8Array, Map<number | string, Cbor>, Uint8Array, Uint8Array] {
  if (!Array.isArray(value) || value.length !== 4) throw malformed('it has not four parts');
  const [header, unprotected, payload, signature] = value;
  if (!(unprotected instanceof Map)) throw malformed('its header is none');
  return [bytesOf(header), unprotected, bytesOf(payload), bytesOf(signature)];
}

function signerOf(trust: TrustView, content: PaperContent, header: Cbor): PublicKey {
  if (!(header instanceof Map) || header.size !== 2) throw malformed('its header is none');
  const id = Buffer.from(bytesOf(header.get(4)));
  if (id.length !== KEY_ID_BYTES) throw malformed('its key has no name');
  if (!trust.everStates().includes(content.state))
    throw new Failure('DOCUMENTS_ISSUER_UNKNOWN', { reason: 'no such state' });
  const found = trust
    .keys(content.state, 'documents')
    .filter((key) => fromBase64Url(key.id).subarray(0, KEY_ID_BYTES).equals(id));
  const [key] = found;
  if (key === undefined || found.length > 1) throw new Failure('DOCUMENTS_ISSUER_KEY', { state: content.state });
  if (header.get(1) !== COSE_ALGORITHM[key.suite]) {
    throw new Failure('DOCUMENTS_TOKEN_ALGORITHM', { found: String(header.get(1)), wanted: COSE_ALGORITHM[key.suite] });
  }
  try {
    return trust.key(content.state, 'documents', key.id, content.issuedAt);
  } catch (error) {
    throw new Failure('DOCUMENTS_ISSUER_KEY', { state: content.state }, { cause: error });
  }
}

const KNOWN_CLAIMS: readonly (number | string)[] = Object.values(CLAIM);

function contentOf(payload: Cbor): PaperContent {
  if (!(payload instanceof Map)) throw malformed('it has no claims');
  if ([...payload.keys()].some((key) => !KNOWN_CLAIMS.includes(key)))
    throw malformed('it has claims that are not known');
  const text = (claim: number): string => {
    const value = payload.get(claim);
    if (typeof value !== 'string') throw malformed('a claim is missing');
    return value;
  };
  const time = (claim: number): Instant => {
    const value = payload.get(claim);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > 253_402_300_799) {
      throw malformed('a time is none');
    }
    return new Date(value * 1000).toISOString();
  };
  const cti = Buffer.from(bytesOf(payload.get(CLAIM.cti))).toString('hex');
  const credential = Buffer.from(bytesOf(payload.get(CLAIM.credential))).toString('hex');
  const claims = payload.get(CLAIM.claims);
  if (cti.length !== 32 || credential.length !== 64) throw malformed('an id is none');
  if (claims !== undefined && !(claims instanceof Map)) throw malformed('its claims are none');
  return {
    state: text(CLAIM.iss),
    agency: text(CLAIM.agency),
    document: cti.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    vct: text(CLAIM.vct),
    issuedAt: time(CLAIM.iat),
    ...(payload.has(CLAIM.exp) ? { expiresAt: time(CLAIM.exp) } : {}),
    ...(claims === undefined ? {} : { claims: toJson(claims) as Record<string, Json> }),
    credential,
  };
}

function fromJson(value: Json): Cbor {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([name, member]) => [name, fromJson(member)]));
}

function toJson(value: Cbor): Json {
  if (value instanceof Uint8Array) throw malformed('a claim is bytes');
  if (Array.isArray(value)) return value.map(toJson);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([name, member]) => [String(name), toJson(member)]));
}

function bytesOf(value: Cbor | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw malformed('a part is no bytes');
  return value;
}

const seconds = (at: Instant): number => Math.floor(Date.parse(at) / 1000);
const malformed = (reason: string): Failure => new Failure('DOCUMENTS_PAPER_FORM', { reason });
