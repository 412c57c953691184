import { may, must, type Session } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import { Failure } from '../storage/index.ts';
import { actionsOf } from './append.ts';
import { casesOfAgency, findCase, type StoredCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { confirmationsNeeded } from './decide.ts';
import { fold } from './fold.ts';
import type { CaseFile, CaseRow } from './types.ts';

/**
 * The cases of an officer's agency that he may see, by their deadline. A row names no person.
 * @throws Failure IDENTITY_NOT_PERMITTED when he may list none
 */
export async function queueOf(ctx: CasesContext, session: Session, queue: 'waiting' | 'decided'): Promise<CaseRow[]> {
  const { account } = session;
  if (account.kind !== 'officer') throw new Failure('IDENTITY_NOT_PERMITTED', { verb: 'case.list' });
  const rows = await casesOfAgency(ctx.db, account.agency, queue);
  return rows.filter(({ agency, agreement, service }) =>
    may(session, 'case.list', { agency, service: `${agreement}/${service}` }),
  );
}

/**
 * A whole case, opened by an officer. The first time is a use of the person's data: it goes into her access record before he
 * sees anything.
 * @throws Failure CASE_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED
 */
export async function openCaseFile(ctx: CasesContext, session: Session, id: string): Promise<CaseFile> {
  const row = await findCase(ctx.db, id);
  if (row === undefined || session.account.kind !== 'officer' || session.account.agency !== row.agency) {
    throw new Failure('CASE_NOT_FOUND', {});
  }
  must(session, 'case.read', { agency: row.agency, service: `${row.agreement}/${row.service}` });
  await recordReading(ctx, session, row);
  const actions = await actionsOf(ctx.db, id);
  return {
    row,
    contract: row.contract,
    annex: row.annex,
    state: fold(actions),
    actions,
    confirmationsNeeded: confirmationsNeeded(ctx, row),
  };
}

async function recordReading(ctx: CasesContext, session: Session, row: StoredCase): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const first = await tx.query(
      'insert into case_readings (case_id, officer, at) values ($1, $2, $3) on conflict do nothing returning case_id',
      [row.id, session.account.id, ctx.clock.now()],
    );
    if (first.length === 0) return;
    const agreement = ctx.agreements.byContract(row.contract);
    const outcome = agreement?.services[row.service]?.decision.outcome ?? '';
    await recordAccess(tx, ctx, {
      subject: { home: row.home, reference: row.reference },
      state: ctx.trust.self,
      agency: row.agency,
      fields: ['application', 'evidence'],
      purpose: `${row.agreement}.examination`,
      ground: { kind: 'law', article: agreement?.rules[outcome]?.article ?? '' },
      application: row.application,
      case: row.id,
      actor: session.account.id,
    });
  });
}
