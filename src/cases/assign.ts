import { findAccount, may, must, type Session } from '../identity/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import { demandLength, officerOf } from './confirm.ts';
import type { CasesContext } from './context.ts';

/**
 * An officer takes a case that nobody works on, gives his own back or to a colleague; whoever heads the examiners may do so with
 * everybody's. It says who works on a case and takes no right from anybody: four eyes need the others.
 *
 * @param to whose it is from now on; undefined gives it back
 * @param seen whose it was on his page, so that two who take it at once do not take it from each other
 * @throws Failure CASE_NOT_FOUND, CASE_NOT_OPEN, IDENTITY_NOT_PERMITTED, CASE_TAKEN, CASE_COLLEAGUE
 */
export async function assignCase(
  ctx: CasesContext,
  session: Session,
  id: string,
  { to, seen }: { to: string | undefined; seen: string | undefined },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const held = await holdReadable(tx, session, id);
    const { row, state } = held;
    const me = session.account.id;
    const place = { agency: row.agency, service: `${row.agreement}/${row.service}` };
    if (state.assignee === to) return;
    if (state.assignee !== seen) throw new Failure('CASE_TAKEN', { officer: state.assignee ?? '' });
    const isMine = state.assignee === me || (state.assignee === undefined && to === me);
    if (!isMine) must(session, 'case.assign', place);
    if (to !== undefined && to !== me) {
      const account = await findAccount(tx, to);
      if (account === undefined || !may({ account }, 'case.read', place)) throw new Failure('CASE_COLLEAGUE', {});
    }
    await append(tx, ctx, held, {
      verb: 'assign',
      key: `assign/${row.actions}/${me}`,
      actor: officerOf(session, held),
      payload: to === undefined ? {} : { to },
    });
  });
}

/**
 * An officer leaves a note for his colleagues. It stays in the case: the person is not shown it, and no decision names it.
 * @throws Failure CASE_NOT_FOUND, CASE_NOT_OPEN, IDENTITY_NOT_PERMITTED, CASE_NOTE_MISSING, CASE_TEXT_LONG
 */
export async function noteOnCase(ctx: CasesContext, session: Session, id: string, text: string): Promise<void> {
  const note = text.trim();
  if (note === '') throw new Failure('CASE_NOTE_MISSING', {});
  demandLength(note);
  await ctx.db.transaction(async (tx) => {
    const held = await holdReadable(tx, session, id);
    await append(tx, ctx, held, {
      verb: 'note',
      key: `note/${held.row.actions}/${session.account.id}`,
      actor: officerOf(session, held),
      payload: { text: note },
    });
  });
}

/** A case that is not decided, under lock, for an officer who may read it. */
async function holdReadable(tx: Tx, session: Session, id: string): Promise<HeldCase> {
  const row = await lockCase(tx, id);
  if (row === undefined || session.account.kind !== 'officer' || session.account.agency !== row.agency)
    throw new Failure('CASE_NOT_FOUND', {});
  must(session, 'case.read', { agency: row.agency, service: `${row.agreement}/${row.service}` });
  if (row.phase !== 'inProgress' && row.phase !== 'received') throw new Failure('CASE_NOT_OPEN', { phase: row.phase });
  return { row, state: await stateOf(tx, id) };
}
