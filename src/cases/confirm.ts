import { must, type Session } from '../identity/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { waitsForOpinions } from './ask-opinions.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { decideWhenConfirmed } from './decide.ts';
import type { ActionActor, CaseState } from './types.ts';

/** What a note or a reason may be long, in characters. */
const LONGEST_TEXT = 2_000;

/**
 * An officer confirms the proposal that he saw. Enough different officers make the decision, in the same transaction.
 * @param seen the proposal's digest and the case's `basis` on his page, so that he never confirms what was proposed anew or sent back
 *   meanwhile
 * @returns the phase after it
 * @throws Failure IDENTITY_NOT_PERMITTED, CASE_NOT_FOUND, CASE_NOT_OPEN, CASE_WAITING, CASE_MOVED, CASE_SAME_OFFICER, CASE_UNDECIDED,
 *   CASE_TEXT_LONG
 */
export async function confirmCase(
  ctx: CasesContext,
  session: Session,
  id: string,
  seen: { proposal: string; basis: number; note?: string },
): Promise<CaseState['phase']> {
  demandLength(seen.note);
  return ctx.db.transaction(async (tx) => {
    const held = await holdForOfficer(tx, session, id, 'case.confirm');
    const { proposal, basis } = held.state;
    if (held.state.confirmations.some(({ officer }) => officer.id === session.account.id)) {
      throw new Failure('CASE_SAME_OFFICER', {});
    }
    if (waitsForOpinions(held.state)) throw new Failure('CASE_WAITING', {});
    if (proposal?.digest !== seen.proposal || basis !== seen.basis) throw new Failure('CASE_MOVED', {});
    if (proposal.decision.outcome === 'undecided') throw new Failure('CASE_UNDECIDED', {});
    const confirmed = await append(tx, ctx, held, {
      verb: 'confirm',
      key: `confirm/${held.row.actions}/${session.account.id}`,
      actor: officerOf(session, held),
      payload: { proposal: seen.proposal, ...(seen.note === undefined ? {} : { note: seen.note }) },
    });
    return (await decideWhenConfirmed(ctx, tx, confirmed)).state.phase;
  });
}

/**
 * An officer sends the case back to examination with a reason: earlier confirmations fall.
 * @throws Failure IDENTITY_NOT_PERMITTED, CASE_NOT_FOUND, CASE_NOT_OPEN, CASE_REASON_MISSING, CASE_TEXT_LONG
 */
export async function returnCase(ctx: CasesContext, session: Session, id: string, reason: string): Promise<void> {
  if (reason.trim() === '') throw new Failure('CASE_REASON_MISSING', {});
  demandLength(reason);
  await ctx.db.transaction(async (tx) => {
    const held = await holdForOfficer(tx, session, id, 'case.return');
    await append(tx, ctx, held, {
      verb: 'return',
      key: `return/${held.row.actions}/${session.account.id}`,
      actor: officerOf(session, held),
      payload: { reason: reason.trim() },
    });
  });
}

/** @throws Failure CASE_TEXT_LONG */
export function demandLength(text = ''): void {
  if ([...text].length > LONGEST_TEXT) throw new Failure('CASE_TEXT_LONG', { limit: LONGEST_TEXT });
}

/** The case under lock, for an officer who may do this with it; another agency's case is as if it were not there. */
async function holdForOfficer(
  tx: Tx,
  session: Session,
  id: string,
  verb: 'case.confirm' | 'case.return',
): Promise<HeldCase> {
  const row = await lockCase(tx, id);
  if (row === undefined || session.account.kind !== 'officer' || session.account.agency !== row.agency) {
    throw new Failure('CASE_NOT_FOUND', {});
  }
  must(session, verb, { agency: row.agency, service: `${row.agreement}/${row.service}` });
  if (row.phase !== 'inProgress') throw new Failure('CASE_NOT_OPEN', { phase: row.phase });
  return { row, state: await stateOf(tx, id) };
}

/** Who acts. */
export function officerOf(session: Session, { row }: HeldCase): ActionActor {
  return { kind: 'officer', id: session.account.id, agency: row.agency, assurance: session.assurance };
}
