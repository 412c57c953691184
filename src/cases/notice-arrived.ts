import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { noticeStages } from '../agreements/index.ts';
import { refuseTransaction, type TransactionRecord } from '../exchange/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import type { CasesContext } from './context.ts';
import { insertNotice } from './notice-rows.ts';
import type { NoticeBody } from './notices.ts';

const closed = { additionalProperties: false } as const;
const name = Type.String({ minLength: 1, maxLength: 200 });
const plain = Type.Union([Type.String({ maxLength: 2000 }), Type.Number(), Type.Boolean(), Type.Null()]);
/** A notice says plain values, or lists of them: what is more is evidence, and travels signed by itself. */
const NoticeForm = Type.Object(
  {
    service: name,
    stage: name,
    application: name,
    subject: Type.Object({ home: name, reference: name }, closed),
    corrects: Type.Optional(Type.Literal(true)),
    says: Type.Record(Type.String({ maxLength: 60 }), Type.Union([plain, Type.Array(plain, { maxItems: 200 })])),
  },
  closed,
);

/** A notice arrived: kept for the officers of the agency, or refused with a code. */
export async function noticeArrived(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  try {
    const { service, stage, application, subject, says, corrects = false } = readNotice(ctx, transaction, body);
    await insertNotice(tx, {
      id: transaction.id,
      agency: transaction.toAgency,
      agreement: transaction.agreement,
      contract: transaction.contract,
      service,
      stage,
      from: transaction.from,
      fromAgency: transaction.fromAgency,
      application,
      ...subject,
      says,
      corrects,
      receivedAt: ctx.clock.now(),
    });
  } catch (error) {
    if (!(error instanceof Failure) || !error.code.startsWith('NOTICE_')) throw error;
    // Nobody waits for an answer to a distribution.
    if (transaction.pattern === 'notification') await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
  }
}

/** Said by a stage of the contract, in its transaction, by and to the agencies of its roles, and nothing that it does not name. */
function readNotice(ctx: CasesContext, transaction: TransactionRecord, body: Json): NoticeBody {
  const wrong = (reason: string) => new Failure('NOTICE_INVALID', { reason });
  if (!Value.Check(NoticeForm, body)) throw wrong('it has not its form');
  const notice = body as unknown as NoticeBody;
  const agreement = ctx.agreements.byContract(transaction.contract);
  if (agreement === undefined || agreement.name !== transaction.agreement) throw wrong('another agreement');
  if (!Object.hasOwn(agreement.services, notice.service)) throw wrong('no such service');
  const stage = noticeStages(agreement, notice.service).find((one) => one.name === notice.stage);
  if (stage?.sends.transaction !== transaction.code) throw wrong('no stage sends this transaction');
  const type = agreement.transactions[transaction.code];
  const plays = (state: string, role = '') => agreement.annexes[state]?.roles[role];
  const by = plays(transaction.from, type?.from) === transaction.fromAgency;
  const to = plays(transaction.to, type?.to) === transaction.toAgency;
  if (!by || !to || transaction.to !== ctx.trust.self) throw wrong('other agencies than those of its roles');
  if (!agreement.parties.includes(notice.subject.home)) throw wrong('a person of no party');
  const { carries } = stage.sends;
  if (Object.keys(notice.says).some((one) => !Object.hasOwn(carries, one))) throw wrong('it says more than agreed');
  return notice;
}
