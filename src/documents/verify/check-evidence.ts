import { Errors } from 'typebox/schema';
import { canonicalJson, digestOf } from '../../crypto/index.ts';
import { type Evidence, verifyEvidence } from '../../registers/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import type { EvidenceContent } from '../files/relayed-files.ts';
import { demandMembers } from './shape.ts';
import { type Circumstances, type Finding, fact } from './verdict.ts';

/**
 * Checks a piece of evidence: signed by the agency's own key as its state lists it, its facts of the schema that the agency signed.
 * Evidence past its time stays authentic: it says what the register said then.
 */
export async function checkEvidence({ file, now }: Circumstances): Promise<Finding> {
  const { evidence: sealed, schema } = demandMembers<EvidenceContent>(file.content, {
    evidence: 'object',
    schema: 'object',
  });
  const { payload } = demandMembers<EvidenceContent['evidence']>(
    sealed as unknown as Json,
    {
      kind: 'text',
      payload: 'object',
      signatures: 'list',
    } as const,
  );
  demandAgency(file, sealed);
  demandSchema(payload, schema);
  const { issuer, result, asOf, issuedAt, validUntil } = payload;
  if (issuedAt > later(now)) throw new Failure('DOCUMENTS_NOT_YET_VALID', { from: issuedAt });
  const facts = [
    ...fact('issuer', file.trust.stateName(issuer.state)),
    ...fact('agency', issuer.agency),
    ...fact('type', payload.type),
    ...fact('result', result),
    ...fact('evidenceAsOf', asOf),
    ...fact('issuedAt', issuedAt),
    ...fact('validUntil', validUntil),
    ...fact('purpose', payload.purpose),
    ...fact('ground', payload.ground.article),
    ...Object.entries(payload.facts ?? {}).flatMap(([name, value]) => fact(`fact.${name}`, canonicalJson(value))),
  ];
  if (validUntil < now) {
    const failure = new Failure('REGISTERS_EVIDENCE_EXPIRED', { until: validUntil });
    return { problem: { verdict: 'stale', failure }, asOf: issuedAt, facts };
  }
  return { asOf: issuedAt, facts };
}

/** What it was asked for is not known here: it is held against what it says itself, under its agency's signature. */
function demandAgency(file: Circumstances['file'], sealed: EvidenceContent['evidence']): void {
  const { type, issuer, agreement, application, subject, issuedAt } = sealed.payload;
  const expected = {
    type,
    state: String(issuer?.state),
    agency: String(issuer?.agency),
    agreement,
    application,
    reference: String(subject?.reference),
    home: String(subject?.home),
  };
  verifyEvidence({ trust: file.trust, clock: { now: () => issuedAt } }, sealed, expected);
}

function demandSchema(evidence: Evidence, schema: Json): void {
  if (digestOf(schema) !== evidence.schema) throw new Failure('DOCUMENTS_FILE_PARTS', { reason: 'schema' });
  if (evidence.facts === null) return;
  const [right, errors] = Errors(schema as Record<string, unknown>, evidence.facts);
  if (right) return;
  const [first] = errors;
  const params = { path: first?.instancePath || '/', reason: first?.keyword ?? 'schema' };
  throw new Failure('DOCUMENTS_EVIDENCE_SCHEMA', params);
}

const later = (now: string): string => new Date(Date.parse(now) + 60_000).toISOString();
