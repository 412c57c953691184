import { type Agreement, noticeOf, noticeStages, questionsState } from '../agreements/index.ts';
import { digestOf } from '../crypto/index.ts';
import { changeStatus } from '../documents/index.ts';
import { beginTransaction } from '../exchange/index.ts';
import { must, type Session } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase } from './evidence-facts.ts';
import { filedOf } from './fold.ts';
import { findNotice, firstReading, noticesOfAgency } from './notice-rows.ts';
import type { ActionActor, ReceivedNotice } from './types.ts';

type NoticeStage = ReturnType<typeof noticeStages>[number];

/** What a notice brings: which stage of which service says it, about whom, and what. */
export interface NoticeBody {
  service: string;
  stage: string;
  application: string;
  subject: { home: string; reference: string };
  says: Record<string, Json>;
  /** It says anew what an earlier notice of this stage said wrongly. */
  corrects?: true;
}

/** Tells other authorities what the service says of a decision, in the transaction that decides. */
export async function tellOthers(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<HeldCase> {
  const agreement = agreementOf(ctx, held);
  let after = held;
  for (const stage of noticeStages(agreement, held.row.service, 'system')) {
    const actor = { kind: 'rules' as const, id: held.row.contract, agency: held.row.agency };
    after = await tell(ctx, tx, after, agreement, stage, { actor, key: `notify/${stage.name}`, asked: {}, before: [] });
  }
  return after;
}

/**
 * Tells of a corrected decision what was told of the one before, in the transaction that corrects: everybody who was told then hears it,
 * also where the stage would not tell of the new decision by itself.
 */
export async function tellAnew(ctx: CasesContext, tx: Tx, held: HeldCase): Promise<HeldCase> {
  const agreement = agreementOf(ctx, held);
  let after = held;
  for (const stage of noticeStages(agreement, held.row.service, 'system')) {
    const actor = { kind: 'rules' as const, id: held.row.contract, agency: held.row.agency };
    const before = [...new Set(held.state.told.filter((one) => one.stage === stage.name).flatMap(({ to }) => to))];
    const key = `notify/${stage.name}/${held.state.standing}`;
    after = await tell(ctx, tx, after, agreement, stage, { actor, key, asked: {}, before });
  }
  return after;
}

/**
 * An officer tells the other authorities of a change or a death after the decision; where the stage says so, the status of the document
 * changes in the same transaction.
 * @param given what the stage asks of him, by name
 * @returns what is wrong by question, a text id each; none means that it went out
 * @throws Failure CASE_NOT_FOUND, IDENTITY_NOT_PERMITTED, NOTICE_NOT_NOW, NOTICE_TWICE
 */
export async function sendNotice(
  ctx: CasesContext,
  session: Session,
  id: string,
  name: string,
  given: Record<string, Json>,
): Promise<Record<string, string>> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockCase(tx, id);
    const { account } = session;
    if (row === undefined || account.kind !== 'officer' || account.agency !== row.agency) {
      throw new Failure('CASE_NOT_FOUND', {});
    }
    must(session, 'case.confirm', { agency: row.agency, service: `${row.agreement}/${row.service}` });
    const held = { row, state: await stateOf(tx, id) };
    const agreement = agreementOf(ctx, held);
    const stage = noticeStages(agreement, row.service, 'officer').find((one) => one.name === name);
    if (stage === undefined || held.state.decision === undefined) throw new Failure('NOTICE_NOT_NOW', {});
    const { fields, answers } = questionsState(agreement, stage.sends.asks, given);
    const wrong = fields.flatMap(({ field, error }) =>
      error === undefined ? [] : [[field.name, error.text] as const],
    );
    if (wrong.length > 0) return Object.fromEntries(wrong);
    const said = digestOf(answers);
    if (held.state.told.some((one) => one.stage === name && digestOf(one.asked ?? {}) === said)) {
      throw new Failure('NOTICE_TWICE', {});
    }
    const actor = { kind: 'officer' as const, id: account.id, agency: row.agency, assurance: session.assurance };
    const key = `notify/${name}/${row.actions}`;
    await tell(ctx, tx, held, agreement, stage, { actor, key, asked: answers, before: [] });
    return {};
  });
}

async function tell(
  ctx: CasesContext,
  tx: Tx,
  held: HeldCase,
  agreement: Agreement,
  stage: NoticeStage,
  by: { actor: ActionActor; key: string; asked: Record<string, Json>; before: readonly string[] },
): Promise<HeldCase> {
  const { row, state } = held;
  const decision = state.decision?.payload;
  const filed = filedOf(state);
  if (decision === undefined || filed === undefined) throw new Failure('NOTICE_NOT_NOW', {});
  const input = {
    state: ctx.trust.self,
    decision: decision.decision,
    decidedOn: decision.decidedOn,
    home: row.home,
    answers: filed.answers,
    evidence: factsOfCase(state),
  };
  const notice = noticeOf(agreement, row.service, stage, input, { asked: by.asked, before: by.before });
  if (notice === undefined) return held;
  if (notice.status !== undefined && state.document !== undefined) {
    const { status } = notice;
    await changeStatus(tx, ctx, { document: state.document, status, actor: by.actor.id, reason: stage.name });
  }
  // What only changes the document, as where one state is alone, stands in the case's log as well.
  if (notice.to.length === 0 && notice.status === undefined) return held;
  const type = agreement.transactions[stage.sends.transaction];
  for (const to of notice.to) {
    const toAgency = agreement.annexes[to]?.roles[type?.to ?? ''];
    if (type === undefined || toAgency === undefined) continue;
    const body: NoticeBody = {
      service: row.service,
      stage: stage.name,
      application: row.application,
      subject: { home: row.home, reference: row.reference },
      says: notice.says,
      ...(by.before.includes(to) ? { corrects: true } : {}),
    };
    await beginTransaction(tx, ctx, {
      code: type.code,
      pattern: type.pattern,
      operation: type.operation,
      agreement: agreement.name,
      contract: row.contract,
      to,
      fromAgency: row.agency,
      toAgency,
      // No application in the head: what authorities tell each other is no part of the exchange that her home node proves to her.
      // She sees it in her access record as soon as anybody reads it.
      case: row.id,
      lane: row.id,
      body: body as unknown as Json,
      timers: type.timers,
      retries: type.retries,
    });
  }
  const asked = Object.keys(by.asked).length === 0 ? {} : { asked: by.asked };
  const corrects = by.before.length === 0 ? {} : { corrects: true as const };
  return append(tx, ctx, held, {
    verb: 'notify',
    key: by.key,
    actor: by.actor,
    payload: { stage: stage.name, to: notice.to, says: notice.says, ...asked, ...corrects },
  });
}

function agreementOf(ctx: CasesContext, { row }: HeldCase): Agreement {
  const agreement = ctx.agreements.byContract(row.contract);
  if (agreement === undefined) throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: row.contract.slice(0, 16) });
  return agreement;
}

/**
 * The notices that an officer's agency received, the newest first; a row names no person.
 * @throws Failure IDENTITY_NOT_PERMITTED
 */
export async function noticesOf(ctx: CasesContext, session: Session): Promise<Omit<ReceivedNotice, 'says'>[]> {
  const { account } = session;
  if (account.kind !== 'officer') throw new Failure('IDENTITY_NOT_PERMITTED', { verb: 'case.list' });
  must(session, 'case.list', { agency: account.agency });
  return (await noticesOfAgency(ctx.db, account.agency)).map(({ says: _unread, ...row }) => row);
}

/**
 * One notice, opened by an officer. The first time is a use of the person's data.
 * @throws Failure NOTICE_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED
 */
export async function openNotice(ctx: CasesContext, session: Session, id: string): Promise<ReceivedNotice> {
  const { account } = session;
  const notice = account.kind === 'officer' ? await findNotice(ctx.db, account.agency, id) : undefined;
  if (notice === undefined) throw new Failure('NOTICE_NOT_FOUND', {});
  must(session, 'case.read', { agency: notice.agency, service: `${notice.agreement}/${notice.service}` });
  await ctx.db.transaction(async (tx) => {
    if (!(await firstReading(tx, id, account.id, ctx.clock.now()))) return;
    const agreement = ctx.agreements.byContract(notice.contract);
    const outcome = agreement?.services[notice.service]?.decision.outcome ?? '';
    await recordAccess(tx, ctx, {
      subject: { home: notice.home, reference: notice.reference },
      state: ctx.trust.self,
      agency: notice.agency,
      fields: ['notice'],
      purpose: `${notice.agreement}.notice`,
      ground: { kind: 'law', article: agreement?.rules[outcome]?.article ?? '' },
      application: notice.application,
      actor: account.id,
    });
  });
  return notice;
}
