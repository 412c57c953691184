import type { Agreement, Service } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import { digestOf, type Sealed, signersOf } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { type Evidence, verifyEvidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import type { CasesContext } from './context.ts';

/** A claim that proved itself: what a case is opened with. */
export interface CheckedClaim {
  agreement: Agreement;
  service: Service;
  agency: string;
  annex: string;
  application: Sealed<SealedApplication>;
  evidence: Sealed<Evidence>[];
}

/**
 * Checks a claim as if nobody before had: the home node's seal, the contract, that this state decides, and each piece of evidence
 * by its issuing agency's own key. Who relayed it is no argument.
 * @throws Failure CLAIM_INVALID, CLAIM_CONTRACT_UNKNOWN, CLAIM_NOT_FOR_US, and those of `verifyEvidence`
 */
export function checkClaim(ctx: CasesContext, transaction: TransactionRecord, body: Json): CheckedClaim {
  const application = sealedByHome(ctx, transaction, body);
  const { payload } = application;
  const agreement = ctx.agreements.byContract(payload.contract);
  const ratified = ctx.trust.ratified(ctx.trust.self, payload.agreement, payload.filedOn);
  if (agreement === undefined || ratified?.contract !== payload.contract || transaction.contract !== payload.contract) {
    throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: payload.contract.slice(0, 16) });
  }
  const service = agreement.services[payload.service];
  const annex = agreement.annexes[ctx.trust.self];
  if (service === undefined || agreement.transactions[service.claim]?.code !== transaction.code) {
    throw new Failure('CLAIM_INVALID', { reason: 'the service does not begin with this transaction' });
  }
  const agency = annex?.roles[service.decidedBy.role];
  if (annex === undefined || agency === undefined || !payload.deciders.includes(ctx.trust.self)) {
    throw new Failure('CLAIM_NOT_FOR_US', {});
  }
  return {
    agreement,
    service,
    agency,
    annex: annex.digest,
    application,
    evidence: provenEvidence(ctx, agreement, application, body),
  };
}

function sealedByHome(ctx: CasesContext, transaction: TransactionRecord, body: Json): Sealed<SealedApplication> {
  const sealed = (body as { application?: Sealed<SealedApplication> } | null)?.application;
  const [signature] = sealed?.signatures ?? [];
  if (sealed?.kind !== 'application' || signature === undefined || sealed.signatures.length !== 1) {
    throw new Failure('CLAIM_INVALID', { reason: 'the application is not sealed once by its home node' });
  }
  signersOf(sealed, 'application', [ctx.trust.key(transaction.from, 'messages', signature.key)]);
  if (sealed.payload.home !== transaction.from || sealed.payload.id !== transaction.application) {
    throw new Failure('CLAIM_INVALID', { reason: 'the seal is of another home or application' });
  }
  return sealed;
}

/** Exactly the evidence that the sealed application names, each piece proven on its own. */
function provenEvidence(
  ctx: CasesContext,
  agreement: Agreement,
  { payload }: Sealed<SealedApplication>,
  body: Json,
): Sealed<Evidence>[] {
  const given = (body as { evidence?: Sealed<Evidence>[] }).evidence;
  if (!Array.isArray(given)) throw new Failure('CLAIM_INVALID', { reason: 'evidence is missing' });
  const digests = given.map((sealed) => digestOf(sealed as unknown as Json));
  if (
    digests.length !== payload.evidence.length ||
    digests.some((digest, index) => digest !== payload.evidence[index])
  ) {
    throw new Failure('CLAIM_INVALID', { reason: 'the evidence is not that of the sealed application' });
  }
  return given.map((sealed) => {
    const { type, issuer } = sealed.payload;
    const state = issuer.state;
    const agency = agreement.annexes[state]?.roles[agreement.evidence[type]?.servedBy ?? ''];
    if (agency === undefined) throw new Failure('CLAIM_INVALID', { reason: 'evidence of an unknown type or state' });
    const expected = {
      type,
      state,
      agency,
      agreement: payload.contract,
      application: payload.id,
      reference: payload.reference,
    };
    // Valid when she filed: a partition between then and now never costs her the evidence.
    return verifyEvidence(ctx, sealed, expected, payload.filedAt);
  });
}
