import { type Agreement, claimsOf, confirmationsFor } from '../agreements/index.ts';
import type { ClaimAnswer, SealedDecision } from '../applications/index.ts';
import { today } from '../calendar/index.ts';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { issueDocument } from '../documents/index.ts';
import { respondTransaction } from '../exchange/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { cancelJob, enqueue, Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase } from './append.ts';
import { waitsForOpinions } from './ask-opinions.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase, opinionDigests } from './evidence-facts.ts';
import { tellOthers } from './notices.ts';
import { DEADLINES, DELIVERIES } from './queues.ts';

/** What a case was filed under: its contract, and its own annex as it was then, whatever has been ratified since. */
export function pinnedAgreement(
  { agreements, trust }: Pick<CasesContext, 'agreements' | 'trust'>,
  { contract, annex, filedOn }: Pick<HeldCase['row'], 'contract' | 'annex' | 'filedOn'>,
): Agreement | undefined {
  return agreements.byContract(contract, { annexes: { [trust.self]: annex }, on: filedOn });
}

/** How many different officers must confirm a case of this state: what the agreement's stages say, annex first. */
export function confirmationsNeeded(ctx: CasesContext, row: HeldCase['row']): number {
  const agreement = pinnedAgreement(ctx, row);
  if (agreement === undefined) throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: row.contract.slice(0, 16) });
  return confirmationsFor(agreement, row.service, ctx.trust.self);
}

/**
 * Decides once enough different officers have confirmed the proposal that stands: the agency signs, the ledger takes the digest,
 * the document is issued, the answer goes home, all in one transaction.
 */
export async function decideWhenConfirmed(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<HeldCase> {
  const { row, state } = held;
  const proposal = state.proposal;
  if (proposal === undefined || proposal.decision.outcome === 'undecided' || waitsForOpinions(state)) return held;
  if (new Set(state.confirmations.map(({ officer }) => officer.id)).size < confirmationsNeeded(ctx, row)) return held;
  const decision = signDecision(ctx, held);
  const document = await issue(ctx, tx, held, decision);
  const decided = await append(tx, ctx, held, {
    verb: 'decide',
    key: `decide/${proposal.digest}`,
    actor: { kind: 'rules', id: row.contract, agency: row.agency },
    payload: { decision, ...(document === undefined ? {} : { document: document.id }) },
  });
  await appendLeaf(tx, ctx, { kind: 'decision', content: decision as unknown as Json });
  await cancelJob(tx, DEADLINES, row.id);
  await respondTransaction(tx, ctx, row.transaction, {
    decision,
    ...(document === undefined ? {} : { document }),
  } as unknown as Json);
  if (document !== undefined) {
    await enqueue(tx, {
      queue: DELIVERIES,
      key: document.id,
      payload: { document: document.id, application: row.application, home: row.home },
    });
  }
  return tellOthers(ctx, tx, decided);
}

function signDecision(ctx: CasesContext, { row, state }: HeldCase): Sealed<SealedDecision> {
  const decision = state.proposal?.decision;
  const key = ctx.keys.agencies[row.agency];
  if (decision === undefined || decision.outcome === 'undecided') throw new Failure('CASE_UNDECIDED', {});
  if (key === undefined) throw new Failure('CASE_AGENCY_KEY_MISSING', { agency: row.agency });
  const digests = state.evidence.map((sealed) => digestOf(sealed as unknown as Json));
  const opinions = opinionDigests(state);
  return seal(
    'decision',
    {
      case: row.id,
      application: row.application,
      reference: row.reference,
      state: ctx.trust.self,
      agency: row.agency,
      outcome: decision.outcome,
      decision,
      evidence: digests.filter((one) => !opinions.includes(one)),
      ...(opinions.length === 0 ? {} : { opinions }),
      decidedAt: ctx.clock.now(),
      decidedOn: today(ctx.clock, ctx.trust.self),
      confirmations: state.confirmations.length,
    },
    [key],
  );
}

/** The document that the service issues on a positive decision. */
async function issue(
  ctx: CasesContext,
  tx: Tx,
  { row, state }: HeldCase,
  { payload }: Sealed<SealedDecision>,
): Promise<ClaimAnswer['document']> {
  const agreement = pinnedAgreement(ctx, row);
  const name = agreement?.services[row.service]?.document;
  const type = name === undefined ? undefined : agreement?.documents[name];
  if (agreement === undefined || type === undefined || payload.outcome === 'refused') return undefined;
  const { id, credential, paper } = await issueDocument(tx, ctx, {
    key: row.id,
    type: type.type,
    vct: type.vct,
    holder: { home: row.home, reference: row.reference },
    claims: claimsOf(agreement, type.type, {
      state: ctx.trust.self,
      decision: payload.decision,
      decidedOn: payload.decidedOn,
      home: row.home,
      answers: state.application?.payload.answers ?? {},
      evidence: factsOfCase(state),
    }),
    selective: type.selective,
    agency: row.agency,
    case: row.id,
    validFor: type.validFor,
  });
  return { id, type: type.type, credential, paper };
}
