import { respondTransaction } from '../exchange/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { cancelJob, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase } from './append.ts';
import { waitsForOpinions } from './ask-opinions.ts';
import { type Award, issueAward, signDecision } from './award.ts';
import type { CasesContext } from './context.ts';
import { isJoined } from './join-arrived.ts';
import { tellOthers } from './notices.ts';
import { confirmationsNeeded } from './pinned.ts';
import { DEADLINES } from './queues.ts';
import type { ActionActor } from './types.ts';

/** Decides once enough different officers have confirmed the proposal that stands. */
export async function decideWhenConfirmed(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<HeldCase> {
  const { row, state } = held;
  const proposal = state.proposal;
  if (proposal === undefined || proposal.decision.outcome === 'undecided' || waitsForOpinions(state)) return held;
  if (new Set(state.confirmations.map(({ officer }) => officer.id)).size < confirmationsNeeded(ctx, row)) return held;
  return decideCase(ctx, tx, held, {
    key: `decide/${proposal.digest}`,
    actor: { kind: 'rules', id: row.contract, agency: row.agency },
    award: { decision: proposal.decision, evidence: state.evidence, confirmations: state.confirmations.length },
  });
}

/**
 * Makes a decision: the agency signs, the ledger takes the digest, the document is issued, the answer goes home, others are told, all in
 * one transaction. Where decisions are joined, document and notices wait for the others: see `decisionsJoined`.
 */
export async function decideCase(
  ctx: CasesContext,
  tx: Tx,
  held: HeldCase,
  { key, actor, award }: { key: string; actor: ActionActor; award: Award },
): Promise<HeldCase> {
  const { row } = held;
  const decision = signDecision(ctx, held, award);
  const joined = isJoined(ctx, held);
  const document = joined
    ? undefined
    : await issueAward(ctx, tx, held, decision, { evidence: award.evidence, key: row.id });
  const decided = await append(tx, ctx, held, {
    verb: 'decide',
    key,
    actor,
    payload: { decision, ...(document === undefined ? {} : { document: document.id }) },
  });
  await appendLeaf(tx, ctx, { kind: 'decision', content: decision as unknown as Json });
  await cancelJob(tx, DEADLINES, row.id);
  await respondTransaction(tx, ctx, row.transaction, {
    decision,
    ...(document === undefined ? {} : { document }),
  } as unknown as Json);
  // Together with others it takes effect, and is told of, once all have spoken.
  return joined ? decided : tellOthers(ctx, tx, decided);
}
