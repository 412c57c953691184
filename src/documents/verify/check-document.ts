import { canonicalJson } from '../../crypto/index.ts';
import { Failure, type Instant, isFailure } from '../../storage/index.ts';
import { demandInclusion } from '../files/ledger-trust.ts';
import { tokenDigest } from '../issue.ts';
import { agencyOf, type Issuer, issuerOf } from '../issuer.ts';
import { verifyPaperCode } from '../paper/paper-code.ts';
import { numericDate } from '../sd-jwt/jws.ts';
import { type VerifiedSdJwt, verifySdJwt } from '../sd-jwt/verify.ts';
import { readStatus } from '../status/token.ts';
import type { DocumentContent, DocumentLeaf } from '../types.ts';
import { demandMembers, type Shape } from './shape.ts';
import { type Circumstances, type Finding, fact, factText, type VerifiedFact } from './verdict.ts';

const SHAPE: Shape = {
  ...{ id: 'text', type: 'text', credential: 'text', paper: 'text', status: 'text' },
  ...{ issuer: 'object', leaf: 'object', proof: 'object' },
};

/** Claims that are no facts about the holder: they are shown in other words, or not at all. */
const TECHNICAL = ['jti', 'vct', 'iat', 'exp', 'nbf', 'cnf', 'status', 'issuing_authority', 'issuing_country'];

/**
 * Checks a document: sealed by its issuer; the credential under a root of the charter; the code on paper for the same credential; the
 * ledger of the issuer, seen by a quorum of witnesses; the status.
 */
export async function checkDocument(circumstances: Circumstances): Promise<Finding> {
  const { file, now } = circumstances;
  const content = demandMembers<DocumentContent>(file.content, SHAPE);
  const { issuer, credential } = await verifyCredential(circumstances, content);
  demandParts(circumstances, content, issuer, credential);
  const facts = factsOf(circumstances, content, issuer, credential);
  const logged = { kind: 'document' as const, content: content.leaf, proof: content.proof };
  try {
    const inclusion = await demandInclusion(file.trust, issuer.state, logged, file.trust.witnessQuorum());
    facts.push(...fact('ledgerIndex', inclusion.index), ...fact('witnesses', inclusion.witnessed));
  } catch (error) {
    // Authentic, and too few others have seen it: what its issuer's ledger says may yet be another thing to each of them.
    if (!isFailure(error, 'LEDGER_PROOF_WITNESSES')) throw error;
    return { problem: { verdict: 'stale', failure: error }, asOf: file.sealedAt, facts };
  }
  const status = statusOf(circumstances, content, issuer, credential);
  const { expiresAt } = credential;
  if (!status.problem && expiresAt !== undefined && expiresAt <= now) {
    const failure = new Failure('DOCUMENTS_EXPIRED', { until: expiresAt });
    return { problem: { verdict: 'invalid', failure }, asOf: status.asOf, facts };
  }
  return { ...status, facts };
}

async function verifyCredential(
  { file, now }: Circumstances,
  content: DocumentContent,
): Promise<{ issuer: Issuer; credential: VerifiedSdJwt }> {
  let issuer: Issuer | undefined;
  const credential = await verifySdJwt(content.credential, {
    now,
    ignoreExpiry: true,
    issuerKey({ x5c, claims }) {
      issuer = issuerOf(file.trust, x5c, new Date(numericDate(claims, 'iat') * 1000).toISOString());
      return issuer.key;
    },
  });
  if (!issuer) throw new Failure('DOCUMENTS_ISSUER_UNKNOWN', { reason: 'no such state' });
  return { issuer, credential };
}

/** Everything in the file must speak of the one credential. */
function demandParts(
  { file }: Circumstances,
  content: DocumentContent,
  issuer: Issuer,
  credential: VerifiedSdJwt,
): void {
  const apart = (reason: string): Failure => new Failure('DOCUMENTS_FILE_PARTS', { reason });
  if (file.sealedBy.state !== issuer.state) {
    throw new Failure('DOCUMENTS_FILE_SEALER', { found: file.sealedBy.state, wanted: issuer.state });
  }
  const agency = agencyOf(file.trust, issuer.state, credential.claims);
  if (canonicalJson(content.issuer) !== canonicalJson({ state: issuer.state, agency })) throw apart('issuer');
  if (credential.claims.jti !== `urn:uuid:${content.id}`) throw apart('id');
  const leaf: DocumentLeaf = {
    document: content.id,
    agency,
    vct: credential.vct,
    credential: tokenDigest(content.credential),
  };
  if (canonicalJson(content.leaf) !== canonicalJson(leaf)) throw apart('leaf');
  // Its times are the credential's, which are judged apart: here only whether it is the same document.
  const paper = verifyPaperCode(content.paper, file.trust, credential.issuedAt);
  if (paper.document !== content.id || paper.credential !== leaf.credential || paper.state !== issuer.state)
    throw apart('paper');
}

function statusOf(
  { file, now, maxStatusAge }: Circumstances,
  content: DocumentContent,
  issuer: Issuer,
  { status }: VerifiedSdJwt,
): Pick<Finding, 'problem' | 'asOf'> {
  if (!status) throw new Failure('DOCUMENTS_CLAIM_MISSING', { claim: 'status' });
  try {
    const read = readStatus(content.status, {
      now,
      uri: status.uri,
      index: status.index,
      maxAgeSeconds: maxStatusAge,
      signerKey: ({ x5c, issuedAt }) => sameIssuer(issuer, issuerOf(file.trust, x5c, issuedAt)),
    });
    if (read.status === 'valid') return { asOf: read.asOf };
    const failure = new Failure(read.status === 'revoked' ? 'DOCUMENTS_REVOKED' : 'DOCUMENTS_SUSPENDED');
    return { problem: { verdict: 'revoked', failure }, asOf: read.asOf };
  } catch (error) {
    if (!isFailure(error, 'DOCUMENTS_STATUS_OLD')) throw error;
    return { problem: { verdict: 'stale', failure: error }, asOf: String(error.params.at) as Instant };
  }
}

/** Another state's list says nothing about this state's documents, whatever address it bears. */
function sameIssuer(issuer: Issuer, signer: Issuer): Issuer['key'] {
  if (signer.state !== issuer.state) throw new Failure('DOCUMENTS_ISSUER_NAME', { claim: 'status' });
  return signer.key;
}

function factsOf(
  { file }: Circumstances,
  content: DocumentContent,
  issuer: Issuer,
  credential: VerifiedSdJwt,
): VerifiedFact[] {
  const claims = Object.entries(credential.claims).filter(([name]) => !TECHNICAL.includes(name));
  return [
    ...fact('issuer', file.trust.stateName(issuer.state)),
    ...fact('agency', content.issuer.agency),
    ...fact('type', content.type),
    ...fact('number', content.id),
    ...fact('issuedAt', credential.issuedAt),
    ...fact('validUntil', credential.expiresAt),
    ...claims.flatMap(([name, value]) => fact(`claim.${name}`, factText(value))),
  ];
}
