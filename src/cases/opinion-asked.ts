import { type Agreement, requestStages } from '../agreements/index.ts';
import { deadline } from '../calendar/index.ts';
import { digestOf } from '../crypto/index.ts';
import { refuseTransaction, type TransactionRecord } from '../exchange/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import type { CasesContext } from './context.ts';
import { readQuestion } from './opinion-form.ts';
import { insertOpinion } from './opinion-rows.ts';

/** A deciding authority asks for an opinion: kept for the officers of the agency, or refused with a code. */
export async function opinionAsked(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  try {
    const { question, evidence, respond } = checkQuestion(ctx, transaction, body);
    const now = ctx.clock.now();
    await insertOpinion(tx, {
      id: transaction.id,
      agency: transaction.toAgency,
      agreement: transaction.agreement,
      contract: transaction.contract,
      pattern: transaction.pattern,
      service: question.service,
      stage: question.stage,
      evidence,
      from: transaction.from,
      fromAgency: transaction.fromAgency,
      application: question.application,
      ...question.subject,
      shows: question.shows,
      request: digestOf(body),
      askedAt: now,
      dueAt: deadline(transaction.begunAt < now ? transaction.begunAt : now, respond, ctx.trust.self),
    });
  } catch (error) {
    if (!(error instanceof Failure) || !error.code.startsWith('OPINION_')) throw error;
    await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
  }
}

/** Asked by a stage of the contract, in its transaction, by and of the agencies of its roles, showing nothing that it does not name. */
function checkQuestion(ctx: CasesContext, transaction: TransactionRecord, body: Json) {
  const wrong = (reason: string) => new Failure('OPINION_INVALID', { reason });
  const question = readQuestion(body);
  const agreement = ctx.agreements.byContract(transaction.contract);
  if (agreement === undefined || agreement.name !== transaction.agreement) throw wrong('another agreement');
  if (!Object.hasOwn(agreement.services, question.service)) throw wrong('no such service');
  const stage = requestStages(agreement, question.service).find((one) => one.name === question.stage);
  const evidence = agreement.evidence[stage?.requests.evidence ?? ''];
  if (stage === undefined || evidence?.transaction !== transaction.code)
    throw wrong('no stage asks by this transaction');
  const type = agreement.transactions[transaction.code];
  const by = agencyOf(agreement, transaction.from, agreement.services[question.service]?.decidedBy.role);
  const to = agencyOf(agreement, transaction.to, evidence.servedBy);
  if (by !== transaction.fromAgency || to !== transaction.toAgency || transaction.to !== ctx.trust.self) {
    throw wrong('other agencies than those of its roles');
  }
  if (!agreement.parties.includes(question.subject.home)) throw wrong('a person of no party');
  const { carries } = stage.requests;
  if (Object.keys(question.shows).some((one) => !Object.hasOwn(carries, one))) throw wrong('it shows more than agreed');
  return { question, evidence: evidence.type, respond: type?.timers.respond ?? 'P30D' };
}

const agencyOf = (agreement: Agreement, state: string, role = ''): string | undefined =>
  agreement.annexes[state]?.roles[role];
