import type { SealedCorrectionRefusal } from '../applications/index.ts';
import { digestOf, seal } from '../crypto/index.ts';
import { revokeDocument } from '../documents/index.ts';
import { beginTransaction, respondTransaction } from '../exchange/index.ts';
import { must, type OfficerVerb, type Session } from '../identity/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { issueAward, signDecision } from './award.ts';
import { lockCase } from './case-rows.ts';
import { demandLength } from './confirm.ts';
import type { CasesContext } from './context.ts';
import { correctableOf } from './correctable.ts';
import { evidenceNow } from './fold.ts';
import { tellAnew } from './notices.ts';
import { getPinned } from './pinned.ts';
import type { ActionActor, CaseState, Correctable } from './types.ts';

/**
 * An officer proposes to put an obvious error of a decision right: the rules are run anew, on the evidence that is there now, and what
 * they say is what is proposed. He gives the reason and the article; nothing changes before others agree.
 * @param seen the case's `basis` on his page
 * @throws Failure IDENTITY_NOT_PERMITTED, CASE_NOT_FOUND, CORRECTION_NOT_DECIDED, CORRECTION_NOT_AGREED, CORRECTION_ARTICLE,
 *   CORRECTION_REASON_MISSING, CASE_TEXT_LONG, CORRECTION_PENDING, CASE_MOVED, CASE_UNDECIDED, CORRECTION_NOTHING
 * @example await proposeCorrection(ctx, session, id, { basis, reason: 'a year was read wrongly', article: 'design-correction' })
 */
export async function proposeCorrection(
  ctx: CasesContext,
  session: Session,
  id: string,
  seen: { basis: number; reason: string; article: string },
): Promise<void> {
  const reason = demandReason(seen.reason);
  await ctx.db.transaction(async (tx) => {
    const { held, correctable } = await holdDecided(ctx, tx, session, id, 'case.correct');
    const { article } = seen;
    if (!correctable.articles.includes(article)) {
      throw new Failure('CORRECTION_ARTICLE', { article: article.slice(0, 100) });
    }
    if (held.state.correction !== undefined) throw new Failure('CORRECTION_PENDING', {});
    if (held.state.basis !== seen.basis) throw new Failure('CASE_MOVED', {});
    const { now: decision, differs } = correctable;
    if (decision.outcome === 'undecided') throw new Failure('CASE_UNDECIDED', {});
    if (!differs) throw new Failure('CORRECTION_NOTHING', {});
    const replaces = digestOf(held.state.decision as unknown as Json);
    const digest = digestOf({ decision, replaces, reason, article } as unknown as Json);
    await append(tx, ctx, held, {
      verb: 'proposeCorrection',
      key: `proposeCorrection/${held.row.actions}`,
      actor: officerOf(session, held),
      payload: { decision, digest, replaces, reason, article },
    });
  });
}

/**
 * Another officer agrees with the correction that he saw. With the last one whom the agreement wants, the new decision is made in the same
 * transaction.
 * @returns whether the new decision stands now
 * @throws Failure IDENTITY_NOT_PERMITTED, CASE_NOT_FOUND, CORRECTION_NOT_DECIDED, CORRECTION_NOT_AGREED, CORRECTION_NONE, CASE_MOVED,
 *   CASE_SAME_OFFICER, CORRECTION_DISTINCT, CASE_TEXT_LONG
 */
export async function confirmCorrection(
  ctx: CasesContext,
  session: Session,
  id: string,
  seen: { proposal: string; note?: string },
): Promise<boolean> {
  demandLength(seen.note);
  return ctx.db.transaction(async (tx) => {
    const { held, correctable } = await holdDecided(ctx, tx, session, id, 'case.confirm');
    const { correction } = held.state;
    if (correction === undefined) throw new Failure('CORRECTION_NONE', {});
    if (correction.digest !== seen.proposal) throw new Failure('CASE_MOVED', {});
    demandAnother(ctx, held, session.account.id);
    const agreed = await append(tx, ctx, held, {
      verb: 'confirmCorrection',
      key: `confirmCorrection/${held.row.actions}/${session.account.id}`,
      actor: officerOf(session, held),
      payload: { proposal: seen.proposal, ...(seen.note === undefined ? {} : { note: seen.note }) },
    });
    if ((agreed.state.correction?.confirmations.length ?? 0) < correctable.othersNeeded) return false;
    await correct(ctx, tx, agreed);
    return true;
  });
}

/**
 * An officer does not follow what was proposed; where nothing is proposed, what was asked for. Who asked is told why, under the agency's
 * key.
 * @throws Failure IDENTITY_NOT_PERMITTED, CASE_NOT_FOUND, CORRECTION_NOT_DECIDED, CORRECTION_NOT_AGREED, CORRECTION_REASON_MISSING,
 *   CASE_TEXT_LONG, CORRECTION_NONE, CASE_MOVED
 */
export async function declineCorrection(
  ctx: CasesContext,
  session: Session,
  id: string,
  seen: { basis: number; reason: string },
): Promise<void> {
  const reason = demandReason(seen.reason);
  await ctx.db.transaction(async (tx) => {
    const { held } = await holdDecided(ctx, tx, session, id, 'case.correct');
    const { correction, asked, basis } = held.state;
    if (correction === undefined && asked.length === 0) throw new Failure('CORRECTION_NONE', {});
    if (basis !== seen.basis) throw new Failure('CASE_MOVED', {});
    const of = correction === undefined ? ('requests' as const) : ('proposal' as const);
    if (of === 'requests') await answerRequests(ctx, tx, held, reason);
    await append(tx, ctx, held, {
      verb: 'declineCorrection',
      key: `declineCorrection/${held.row.actions}`,
      actor: officerOf(session, held),
      payload: { of, reason },
    });
  });
}

/**
 * The new decision takes the place of the one that stood: signed by the agency, in the ledger, its document issued and the earlier one
 * revoked, the home node told by a transaction of the case, and every authority that was told of the award told anew.
 */
async function correct(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<void> {
  const { row, state } = held;
  const { correction, standing } = state;
  if (correction === undefined || standing === undefined) throw new Failure('CORRECTION_NONE', {});
  const { reason, article, replaces, digest } = correction;
  const evidence = evidenceNow(state);
  const decision = signDecision(ctx, held, {
    decision: correction.decision,
    evidence,
    confirmations: correction.confirmations.length + 1,
    corrects: { decision: replaces, reason, article },
  });
  const document = await issueAward(ctx, tx, held, decision, { evidence, key: `${row.id}/${digest}` });
  const { document: revoked } = state;
  if (revoked !== undefined) await revokeDocument(tx, ctx, { document: revoked, actor: correction.officer.id, reason });
  const corrected = await append(tx, ctx, held, {
    verb: 'correct',
    key: `correct/${digest}`,
    actor: { kind: 'rules', id: row.contract, agency: row.agency },
    payload: {
      decision,
      replaces: { action: standing, decision: replaces },
      ...(document === undefined ? {} : { document: document.id }),
      ...(revoked === undefined ? {} : { revoked }),
    },
  });
  await appendLeaf(tx, ctx, { kind: 'decision', content: decision as unknown as Json });
  await sendHome(ctx, tx, held, { decision, ...(document === undefined ? {} : { document }) } as unknown as Json);
  // After the decision itself, in the same lane: who asked finds it there when the answer comes.
  for (const { transaction } of state.asked) await respondTransaction(tx, ctx, transaction, { standing: 'corrected' });
  await tellAnew(ctx, tx, corrected);
}

async function sendHome(ctx: CasesContext, tx: Tx, { row }: HeldCase, body: Json): Promise<void> {
  const agreement = getPinned(ctx, row);
  const type = agreement.transactions[agreement.services[row.service]?.actions.correct?.transaction ?? ''];
  if (type === undefined) throw new Failure('CORRECTION_NOT_AGREED', {});
  await beginTransaction(tx, ctx, {
    code: type.code,
    pattern: type.pattern,
    operation: type.operation,
    agreement: agreement.name,
    contract: row.contract,
    to: row.home,
    fromAgency: row.agency,
    toAgency: agreement.annexes[row.home]?.roles[type.to] ?? `${row.home}.portal`,
    application: row.application,
    case: row.id,
    lane: row.application,
    body,
    timers: type.timers,
    retries: type.retries,
  });
}

async function answerRequests(ctx: CasesContext, tx: Tx, { row, state }: HeldCase, reason: string): Promise<void> {
  const key = ctx.keys.agencies[row.agency];
  if (key === undefined) throw new Failure('CASE_AGENCY_KEY_MISSING', { agency: row.agency });
  for (const { transaction, request } of state.asked) {
    const answer = seal<SealedCorrectionRefusal>(
      'correction-refusal',
      {
        case: row.id,
        application: row.application,
        reference: row.reference,
        state: ctx.trust.self,
        agency: row.agency,
        request: digestOf(request as unknown as Json),
        reason,
        at: ctx.clock.now(),
      },
      [key],
    );
    await respondTransaction(tx, ctx, transaction, { standing: 'declined', answer } as unknown as Json);
  }
}

/** Not who proposed it, not twice, and not who confirmed the decision where the agreement wants others. */
function demandAnother(ctx: CasesContext, { row, state }: HeldCase, officer: string): void {
  const { correction } = state;
  const before = [correction?.officer, ...(correction?.confirmations ?? []).map((one) => one.officer)];
  if (before.some((one) => one?.id === officer)) throw new Failure('CASE_SAME_OFFICER', {});
  const { stages = [], actions } = getPinned(ctx, row).services[row.service] ?? {};
  const distinct = actions?.correct?.confirmations.distinctFrom ?? [];
  const decided = stages.some(({ name, verb }) => verb === 'confirm' && distinct.includes(name));
  if (decided && state.confirmations.some((one) => one.officer.id === officer)) {
    throw new Failure('CORRECTION_DISTINCT', {});
  }
}

function demandReason(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new Failure('CORRECTION_REASON_MISSING', {});
  demandLength(reason);
  return reason;
}

/** The decided case under lock, for an officer of the agency that decided it; another agency's case is as if it were not there. */
async function holdDecided(
  ctx: CasesContext,
  tx: Tx,
  session: Session,
  id: string,
  verb: OfficerVerb,
): Promise<{ held: HeldCase; correctable: Correctable }> {
  const row = await lockCase(tx, id);
  if (row === undefined || session.account.kind !== 'officer' || session.account.agency !== row.agency) {
    throw new Failure('CASE_NOT_FOUND', {});
  }
  must(session, verb, { agency: row.agency, service: `${row.agreement}/${row.service}` });
  if (row.phase !== 'decided')
    throw new Failure('CORRECTION_NOT_DECIDED', { phase: row.phase satisfies CaseState['phase'] });
  const held = { row, state: await stateOf(tx, id) };
  const correctable = correctableOf(ctx, held);
  if (correctable === undefined) throw new Failure('CORRECTION_NOT_AGREED', {});
  return { held, correctable };
}

function officerOf(session: Session, { row }: HeldCase): ActionActor {
  return { kind: 'officer', id: session.account.id, agency: row.agency, assurance: session.assurance };
}
