import { digestHex, digestOf, publicKeyJson, sha256 } from '../crypto/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { Failure, type Instant, type Json, type Tx } from '../storage/index.ts';
import type { DocumentsContext } from './context.ts';
import { signPaperCode } from './paper/paper-code.ts';
import { claimRequest, getDocument, insertDocument } from './rows.ts';
import { alwaysDisclosed } from './sd-jwt/disclosures.ts';
import { issueSdJwt } from './sd-jwt/issue.ts';
import { statusListUri } from './status/lists.ts';
import { takePlace } from './status/places.ts';
import type { DocumentLeaf, DocumentRequest, IssuedDocument } from './types.ts';

/** Claims that only the issuer's node writes, and names that SD-JWT needs for itself. */
const RESERVED: readonly string[] = [
  ...alwaysDisclosed,
  ...['_sd', '_sd_alg', '...', '__proto__', 'jti', 'issuing_authority', 'issuing_country'],
];

/**
 * Issues a document: an SD-JWT VC under the state's root with a place in a status list, the paper code, and a ledger leaf, all in the
 * caller's transaction. One idempotency key is one document: asked again, it is given again, also by two processes at once.
 * @throws Failure DOCUMENTS_REQUEST, DOCUMENTS_KEY_REUSED where the key was used for another document, UNION_AGENCY_UNKNOWN
 * @example const { id, credential } = await issueDocument(tx, ctx, { key: `case:${id}`, type: 'decision', vct, agency, holder, claims })
 */
export async function issueDocument(tx: Tx, ctx: DocumentsContext, request: DocumentRequest): Promise<IssuedDocument> {
  checkRequest(ctx, request);
  const id = documentId(ctx.trust.self, request.key);
  const claimed = await claimRequest(tx, id, requestDigest(request));
  if (claimed === 'other') throw new Failure('DOCUMENTS_KEY_REUSED');
  if (claimed === 'known') return getDocument(tx, id);
  const issuedAt = wholeSeconds(ctx.clock.now());
  const validUntil = request.validFor === undefined ? undefined : after(issuedAt, request.validFor);
  const place = await takePlace(tx, id, (list) => statusListUri(ctx, list), issuedAt);
  const credential = await issueSdJwt(ctx.documents, {
    vct: request.vct,
    issuedAt,
    expiresAt: validUntil,
    open: {
      ...partOf(request, false),
      jti: `urn:uuid:${id}`,
      issuing_authority: request.agency,
      issuing_country: ctx.trust.self.toUpperCase(),
    },
    hidden: partOf(request, true),
    status: { uri: place.uri, index: place.place },
    holderKey: request.holderKey,
  });
  const { agency, vct } = request;
  const leaf: DocumentLeaf = { document: id, agency, vct, credential: tokenDigest(credential) };
  const paper = signPaperCode(ctx.documents, {
    state: ctx.trust.self,
    agency,
    document: id,
    vct,
    issuedAt,
    expiresAt: validUntil,
    claims: request.claims,
    credential: leaf.credential,
  });
  const { id: leafId } = await appendLeaf(tx, ctx, { kind: 'document', content: leaf });
  await insertDocument(tx, { ...request, id, credential, paper, leaf, leafId, ...place, issuedAt, validUntil });
  return getDocument(tx, id);
}

/** Hex SHA-256 of the issuer's token of a credential: the part that is the same whatever its holder discloses. */
export function tokenDigest(credential: string): string {
  return digestHex(credential.slice(0, credential.indexOf('~')));
}

/** The id that a key gives: a UUID of version 8 (RFC 9562 section 5.8), so that two processes meet in one row. */
function documentId(state: string, key: string): string {
  const bytes = Buffer.from(sha256(`commonway-document/1\0${state}\0${key}`).subarray(0, 16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function requestDigest(request: DocumentRequest): string {
  const holderKey = request.holderKey ? publicKeyJson(request.holderKey) : null;
  const { case: caseId = null, selective = null, validFor = null } = request;
  return digestOf({ ...request, case: caseId, selective, validFor, holderKey } as unknown as Json);
}

/** The claims that the holder may keep, or the others. */
function partOf({ claims, selective }: DocumentRequest, hidden: boolean): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(claims).filter(([name]) => (selective === undefined || selective.includes(name)) === hidden),
  );
}

function checkRequest(ctx: DocumentsContext, request: DocumentRequest): void {
  const wrong = (reason: string): Failure => new Failure('DOCUMENTS_REQUEST', { reason });
  ctx.trust.agency(ctx.trust.self, request.agency);
  if (request.key === '') throw wrong('it has no idempotency key');
  if (request.vct === '') throw wrong('it has no type');
  const reserved = Object.keys(request.claims).find((name) => RESERVED.includes(name));
  if (reserved !== undefined) throw wrong(`the claim ${reserved} is written by the node alone`);
  if (request.validFor !== undefined && !isDuration(request.validFor)) throw wrong('its time is no duration');
}

function isDuration(text: string): boolean {
  try {
    return Temporal.Duration.from(text).sign > 0;
  } catch {
    return false;
  }
}

/** Calendar years and months are those of UTC: the issuing state's zone may change, the document does not. */
function after(at: Instant, duration: string): Instant {
  const end = Temporal.Instant.from(at).toZonedDateTimeISO('UTC').add(Temporal.Duration.from(duration));
  return end.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** Tokens tell time in whole seconds: everything about a document tells the same moment. */
function wholeSeconds(at: Instant): Instant {
  return new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString();
}
