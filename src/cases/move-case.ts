import {
  type Agreement,
  type CaseMove,
  compareVersions,
  contractInCommon,
  type Decision,
  decide,
  moveOf,
} from '../agreements/index.ts';
import { CASE_MOVED, type SealedMove } from '../applications/index.ts';
import { today } from '../calendar/index.ts';
import { seal } from '../crypto/index.ts';
import { send } from '../exchange/index.ts';
import { must, type Session } from '../identity/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { findCase, lockCase, type StoredCase } from './case-rows.ts';
import { demandLength } from './confirm.ts';
import type { CasesContext } from './context.ts';
import { decideWhenConfirmed } from './decide.ts';
import { factsOfCase } from './evidence-facts.ts';
import { filedOf, lotOfCase } from './fold.ts';
import { isJoined } from './join-arrived.ts';
import { getPinned } from './pinned.ts';
import { propose } from './propose.ts';

/** What an officer sees before he moves a case. */
export interface PreviewedMove extends CaseMove {
  from: { contract: string; version: string };
  to: { contract: string; version: string };
  /** The case's `basis`: he moves what he saw, or nothing. */
  basis: number;
  /** What the rules say, and what those of the newer contract would say; nothing where the case cannot be moved. */
  before?: Decision;
  after?: Decision;
}

/**
 * What moving a case to the newest contract that all its parties have in common would change. Nothing is written.
 * @returns undefined where no newer one runs
 * @throws Failure CASE_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED, CASE_NOT_OPEN
 */
export async function previewMove(ctx: CasesContext, session: Session, id: string): Promise<PreviewedMove | undefined> {
  await ctx.agreements.refresh();
  const row = demandOwn(session, await findCase(ctx.db, id));
  const held = { row, state: await stateOf(ctx.db, id) };
  const target = targetOf(ctx, held);
  return target === undefined ? undefined : looked(ctx, held, target);
}

/**
 * An officer moves a case under examination to the newer contract that he saw, with a reason. Her answers and the evidence are held against
 * it, the rules are run anew, earlier confirmations fall, and her home node learns the new digest. The time to decide stays, and so does
 * the filing date. A decided case never moves.
 * @param seen the digest of the newer contract and the case's `basis` on his page
 * @throws Failure CASE_NOT_FOUND, IDENTITY_NOT_PERMITTED, CASE_NOT_OPEN, MOVE_REASON_MISSING, CASE_TEXT_LONG, MOVE_NO_NEWER, CASE_MOVED,
 *   MOVE_REFUSED naming what stands in the way
 */
export async function moveCase(
  ctx: CasesContext,
  session: Session,
  id: string,
  seen: { to: string; basis: number; reason: string },
): Promise<void> {
  const reason = seen.reason.trim();
  if (reason === '') throw new Failure('MOVE_REASON_MISSING', {});
  demandLength(reason);
  await ctx.agreements.refresh();
  await ctx.db.transaction(async (tx) => {
    const row = demandOwn(session, await lockCase(tx, id));
    const held = { row, state: await stateOf(tx, id) };
    const target = targetOf(ctx, held);
    if (target === undefined) throw new Failure('MOVE_NO_NEWER', { agreement: row.agreement });
    if (target.agreement.contractDigest !== seen.to || held.state.basis !== seen.basis) {
      throw new Failure('CASE_MOVED', {});
    }
    const { obstacles, answers } = looked(ctx, held, target);
    if (obstacles.length > 0) throw new Failure('MOVE_REFUSED', { obstacles: obstacles.join(', ') });
    const { agreement, annex } = target;
    const moved = await append(tx, ctx, held, {
      verb: 'move',
      key: `move/${row.actions}/${agreement.contractDigest}`,
      actor: { kind: 'officer', id: session.account.id, agency: row.agency, assurance: session.assurance },
      payload: {
        from: { contract: row.contract, annex: row.annex },
        to: { contract: agreement.contractDigest, annex, version: agreement.version },
        reason,
        answers,
      },
    });
    await tellHome(ctx, tx, held, { to: agreement.contractDigest, annex, reason });
    await runRules(ctx, tx, moved);
  });
}

interface Target {
  agreement: Agreement;
  annex: string;
}

/**
 * The newest contract that all its parties have in common today, with this state's annex to it. Where several decide together there is
 * none: what they decide could be joined no more.
 */
function targetOf(ctx: CasesContext, held: HeldCase): Target | undefined {
  const { agreements, trust, clock } = ctx;
  const { row } = held;
  if (isJoined(ctx, held)) return undefined;
  const day = today(clock, trust.self);
  const versions = agreements.versions(row.agreement).filter(({ parties }) => parties.includes(trust.self));
  const running = contractInCommon(versions, trust, row.agreement, day);
  const known = versions.find(({ contract }) => contract === row.contract);
  if (running === undefined || running.contract === row.contract) return undefined;
  if (known !== undefined && compareVersions(running.version, known.version) <= 0) return undefined;
  const annex = trust.ratifications(trust.self, row.agreement, day).find((one) => one.contract === running.contract);
  if (annex === undefined) return undefined;
  const agreement = agreements.byContract(running.contract, { annexes: { [trust.self]: annex.annex }, on: day });
  return agreement === undefined ? undefined : { agreement, annex: annex.annex };
}

function looked(ctx: CasesContext, held: HeldCase, { agreement }: Target): PreviewedMove {
  const { row, state } = held;
  const before = getPinned(ctx, row);
  const filed = filedOf(state);
  if (filed === undefined) throw new Failure('CASE_NOT_FOUND', {});
  const move = moveOf(before, agreement, {
    service: row.service,
    state: ctx.trust.self,
    home: row.home,
    deciders: filed.deciders,
    filedOn: filed.filedOn,
    answers: filed.answers,
    evidence: state.evidence.map(({ payload: { type, issuer, schema } }) => ({ type, state: issuer.state, schema })),
    // An opinion that is still out is neither there nor missing: the case stays until it has come, or its time is over.
    without: [
      ...filed.waived,
      ...filed.unanswered,
      ...state.opinions.flatMap(({ key, status }) => (status === 'refused' || status === 'late' ? [key] : [])),
    ],
  });
  const input = {
    service: row.service,
    state: ctx.trust.self,
    home: row.home,
    evidence: factsOfCase(state),
    dates: { claim: filed.filedOn, decision: today(ctx.clock, ctx.trust.self) },
    lot: lotOfCase(state, ctx.trust.self),
  };
  return {
    ...move,
    from: { contract: row.contract, version: before.version },
    to: { contract: agreement.contractDigest, version: agreement.version },
    basis: state.basis,
    before: decide(before, { ...input, answers: filed.answers }),
    ...(move.obstacles.length > 0 ? {} : { after: decide(agreement, { ...input, answers: move.answers }) }),
  };
}

/** The rules of the newer contract, as for a case that was filed under it. */
async function runRules(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<void> {
  const agreement = getPinned(ctx, held.row);
  const service = agreement.services[held.row.service];
  const application = filedOf(held.state);
  if (service === undefined || application === undefined) throw new Failure('MOVE_REFUSED', { obstacles: 'service' });
  const facts = factsOfCase(held.state);
  await decideWhenConfirmed(ctx, tx, await propose(ctx, tx, held, { agreement, service, application, facts }));
}

/** Her home node learns by which contract the decision will be, under the agency's key, before the decision in its lane. */
async function tellHome(
  ctx: CasesContext,
  tx: Tx,
  { row }: HeldCase,
  { to, annex, reason }: { to: string; annex: string; reason: string },
): Promise<void> {
  const key = ctx.keys.agencies[row.agency];
  if (key === undefined) throw new Failure('CASE_AGENCY_KEY_MISSING', { agency: row.agency });
  const move = seal<SealedMove>(
    'case-move',
    {
      case: row.id,
      application: row.application,
      reference: row.reference,
      state: ctx.trust.self,
      agency: row.agency,
      from: row.contract,
      to,
      annex,
      reason,
      at: ctx.clock.now(),
    },
    [key],
  );
  const lane = row.application;
  await send(tx, ctx, { to: row.home, type: CASE_MOVED, lane, application: lane, body: move as unknown as Json });
}

/** A case that this officer may move, under examination; another agency's is as if it were not there. */
function demandOwn(session: Session, row: StoredCase | undefined): StoredCase {
  const { account } = session;
  if (row === undefined || account.kind !== 'officer' || account.agency !== row.agency) {
    throw new Failure('CASE_NOT_FOUND', {});
  }
  must(session, 'case.move', { agency: row.agency, service: `${row.agreement}/${row.service}` });
  if (row.phase !== 'inProgress') throw new Failure('CASE_NOT_OPEN', { phase: row.phase });
  return row;
}
