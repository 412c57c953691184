import { openFile } from '../files/index.ts';
import { may, must, type Session, servicesFor } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import { actionsOf } from './append.ts';
import {
  type CaseQueue,
  casesById,
  casesOfAgency,
  countOfAgency,
  findCase,
  openServicesOf,
  type QueueFilter,
} from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { correctableOf } from './correctable.ts';

import { attachmentsOf } from './files.ts';
import { fold } from './fold.ts';
import { confirmationsNeeded } from './pinned.ts';
import type { CaseAttachment, CaseFile, CaseRow } from './types.ts';

/**
 * The cases of an officer's agency that he may see, by their deadline. A row names no person.
 * @throws Failure IDENTITY_NOT_PERMITTED when he may list none
 */
export async function queueOf(
  ctx: CasesContext,
  session: Session,
  queue: CaseQueue,
  filter: Omit<QueueFilter, 'among'> = {},
): Promise<CaseRow[]> {
  const { agency, among } = listable(session);
  return casesOfAgency(ctx.db, agency, queue, { ...filter, ...among });
}

/** How many cases of a queue fit a filter. @throws Failure IDENTITY_NOT_PERMITTED */
export async function queueSize(
  ctx: CasesContext,
  session: Session,
  queue: CaseQueue,
  filter: Omit<QueueFilter, 'among'> = {},
): Promise<number> {
  const { agency, among } = listable(session);
  return countOfAgency(ctx.db, agency, queue, { ...filter, ...among });
}

/** Of some cases those that an officer may list; others are as if they were not there. @throws Failure IDENTITY_NOT_PERMITTED */
export async function rowsOf(ctx: CasesContext, session: Session, ids: readonly string[]): Promise<CaseRow[]> {
  const { agency } = listable(session);
  const rows = await casesById(ctx.db, agency, ids);
  return rows.filter(({ agreement, service }) =>
    may(session, 'case.list', { agency, service: `${agreement}/${service}` }),
  );
}

/** The services with open cases that an officer may list. @throws Failure IDENTITY_NOT_PERMITTED */
export async function listableServices(ctx: CasesContext, session: Session): Promise<string[]> {
  const { agency } = listable(session);
  return (await openServicesOf(ctx.db, agency)).filter((service) => may(session, 'case.list', { agency, service }));
}

function listable(session: Session): { agency: string; among: Pick<QueueFilter, 'among'> } {
  const { account } = session;
  if (account.kind !== 'officer') throw new Failure('IDENTITY_NOT_PERMITTED', { verb: 'case.list' });
  const services = servicesFor(session, 'case.list', account.agency);
  return { agency: account.agency, among: services === '*' ? {} : { among: services } };
}

/**
 * A whole case, opened by an officer. The first time is a use of the person's data: it goes into her access record before he
 * sees anything.
 * @throws Failure CASE_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED
 */
export async function openCaseFile(ctx: CasesContext, session: Session, id: string): Promise<CaseFile> {
  const row = await getReadable(ctx, session, id);
  await recordReading(ctx, session, row);
  const actions = await actionsOf(ctx.db, id);
  const state = fold(actions);
  const correctable = correctableOf(ctx, { row, state });
  return {
    row,
    contract: row.contract,
    annex: row.annex,
    state,
    actions,
    files: await attachmentsOf(ctx, row, state),
    confirmationsNeeded: confirmationsNeeded(ctx, row),
    ...(correctable === undefined ? {} : { correctable }),
  };
}

/** @throws Failure CASE_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED */
async function getReadable(ctx: CasesContext, session: Session, id: string) {
  const row = await findCase(ctx.db, id);
  if (row === undefined || session.account.kind !== 'officer' || session.account.agency !== row.agency) {
    throw new Failure('CASE_NOT_FOUND', {});
  }
  must(session, 'case.read', { agency: row.agency, service: `${row.agreement}/${row.service}` });
  if (row.erasedAt !== undefined) throw new Failure('CASE_ERASED', { at: row.erasedAt });
  return row;
}

/**
 * A file of a case, opened by an officer. Every opening is a use of the person's data and stands in her access record.
 * @throws Failure CASE_NOT_FOUND, IDENTITY_NOT_PERMITTED, FILE_NOT_FOUND, FILE_QUARANTINED, FILE_REFUSED
 */
export async function openAttachment(
  ctx: CasesContext,
  session: Session,
  id: string,
  digest: string,
): Promise<{ file: CaseAttachment; bytes: Buffer }> {
  const row = await getReadable(ctx, session, id);
  const files = await attachmentsOf(ctx, row, fold(await actionsOf(ctx.db, id)));
  const file = files.find((one) => one.digest === digest);
  if (file === undefined) throw new Failure('FILE_NOT_FOUND', {});
  const { bytes } = await openFile(ctx.db, id, digest);
  await ctx.db.transaction(async (tx) => {
    await recordUse(ctx, tx, session, row, ['file']);
  });
  return { file, bytes };
}

async function recordReading(ctx: CasesContext, session: Session, row: CaseRow): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const first = await tx.query(
      'insert into case_readings (case_id, officer, at) values ($1, $2, $3) on conflict do nothing returning case_id',
      [row.id, session.account.id, ctx.clock.now()],
    );
    if (first.length > 0) await recordUse(ctx, tx, session, row, ['application', 'evidence']);
  });
}

async function recordUse(ctx: CasesContext, tx: Tx, session: Session, row: CaseRow, fields: string[]): Promise<void> {
  const stored = await findCase(tx, row.id);
  if (stored === undefined) throw new Failure('CASE_NOT_FOUND', {});
  const agreement = ctx.agreements.byContract(stored.contract);
  const outcome = agreement?.services[row.service]?.decision.outcome ?? '';
  await recordAccess(tx, ctx, {
    subject: { home: row.home, reference: stored.reference },
    state: ctx.trust.self,
    agency: row.agency,
    fields,
    purpose: `${row.agreement}.examination`,
    ground: { kind: 'law', article: agreement?.rules[outcome]?.article ?? '' },
    application: row.application,
    case: row.id,
    actor: session.account.id,
  });
}
