import { canonicalJson, digestHex } from '../../crypto/index.ts';
import { Failure, isFailure, type Json, type Tx } from '../../storage/index.ts';
import type { ExchangeContext, Message, MessageHandler } from '../context.ts';
import { isObject, type MessageHead } from '../protocol/head.ts';
import { type RequestBody, refuseTransaction, TRANSACTION_TYPES } from './begin.ts';
import { findOperations, type TransactionOptions } from './handlers.ts';
import { after, demandStep, hasStep, isOneWay, type Standing, type Step } from './patterns.ts';
import { insertRecord, lockRecord, type TimerName, type TransactionRecord, updateRecord } from './record.ts';
import { stopTimers } from './timers.ts';

/** The handlers of the messages that transactions are made of. */
export function transactionMessages(ctx: ExchangeContext, options: TransactionOptions): Record<string, MessageHandler> {
  return {
    [TRANSACTION_TYPES.request]: (tx, message) => requestArrived(tx, ctx, options, message),
    [TRANSACTION_TYPES.accepted]: (tx, message) => acceptanceArrived(tx, ctx, options, message),
    [TRANSACTION_TYPES.response]: (tx, message) => responseArrived(tx, ctx, options, message),
    [TRANSACTION_TYPES.refused]: (tx, message) => refusalArrived(tx, ctx, options, message),
  };
}

async function requestArrived(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  { head, body }: Message,
): Promise<void> {
  const { transaction } = head;
  const request = readRequest(body);
  if (!transaction || !request)
    throw new Failure('EXCHANGE_MALFORMED', { what: 'request', reason: 'it has not its form' });
  const known = await options.resolve(transaction.contract, transaction.code);
  const operation = known?.pattern === transaction.pattern ? known.operation : undefined;
  const record = {
    ...transaction,
    direction: 'in' as const,
    operation: operation ?? '',
    agreement: request.agreement,
    from: head.from,
    to: head.to,
    fromAgency: request.fromAgency,
    toAgency: request.toAgency,
    application: head.application,
    case: request.case,
    lane: head.lane,
    status: 'received' as const,
    standing: 'received' as const,
    requestMessage: head.id,
    requestDigest: digestHex(canonicalJson(body)),
    begunAt: head.created,
    receivedAt: ctx.clock.now(),
    retries: 0,
    timers: { acknowledge: 'PT0S' },
  };
  // A second request under the id of a transaction that is known is no new one, and must not touch the first.
  if (!(await insertRecord(tx, record))) return;
  const refusal = operation === undefined ? 'EXCHANGE_CONTRACT_UNKNOWN' : unknownAgency(ctx, record);
  if (refusal !== undefined) return refuse(tx, ctx, record, refusal);
  await findOperations(options).ofRecord(record)?.onRequest?.(tx, record, request.body);
}

/** What cannot be taken is refused where the pattern has a refusal; nobody waits for the answer to a distribution. */
async function refuse(
  tx: Tx,
  ctx: ExchangeContext,
  { id, pattern }: Pick<TransactionRecord, 'id' | 'pattern'>,
  code: string,
): Promise<void> {
  if (hasStep(pattern, 'refuse')) return refuseTransaction(tx, ctx, id, { code });
  await tx.query(
    `update exchange_transaction set status = 'refused', refusal = $2, closed_at = $3 where id = $1 and direction = 'in'`,
    [id, code, ctx.clock.now()],
  );
}

/** Both agencies must be ones that their states' manifests name: they will stand in access records. */
function unknownAgency(
  { trust }: ExchangeContext,
  record: Pick<TransactionRecord, 'from' | 'to' | 'fromAgency' | 'toAgency'>,
) {
  try {
    trust.agency(record.from, record.fromAgency);
    trust.agency(record.to, record.toAgency);
    return undefined;
  } catch (error) {
    if (isFailure(error, 'UNION_AGENCY_UNKNOWN')) return error.code;
    throw error;
  }
}

function readRequest(body: Json): RequestBody | undefined {
  if (!isObject(body) || !('body' in body)) return undefined;
  const texts = [body.agreement, body.fromAgency, body.toAgency, body.case ?? ''];
  return texts.every((text) => typeof text === 'string' && text.length <= 200)
    ? (body as unknown as RequestBody)
    : undefined;
}

async function acceptanceArrived(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  message: Message,
): Promise<void> {
  const record = await ownTransaction(tx, message.head);
  const status = stepOf(record, 'accept');
  if (status === undefined) return;
  const now = ctx.clock.now();
  await updateRecord(tx, record, { status, accepted_at: now, received_at: record.receivedAt ?? now });
  await stopTimers(tx, record.id, ['acknowledge', 'accept']);
  const accepted = { ...record, status, standing: status, acceptedAt: now };
  await findOperations(options).ofRecord(record)?.onAccepted?.(tx, accepted, message.body);
}

async function responseArrived(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  { head, body }: Message,
): Promise<void> {
  const record = await ownTransaction(tx, head);
  // An acceptance that was lost on the way is told by the answer that came after it.
  const late = record.pattern === 'mutualObligation' && record.closedAt === undefined;
  const status = late ? 'responded' : stepOf(record, 'respond');
  if (status === undefined) return;
  const now = ctx.clock.now();
  const responseDigest = digestHex(canonicalJson(body));
  await updateRecord(tx, record, {
    status,
    response: head.id,
    response_digest: responseDigest,
    received_at: record.receivedAt ?? now,
    ...(late ? { accepted_at: record.acceptedAt ?? now } : {}),
    closed_at: now,
  });
  await stopTimers(tx, record.id, ALL_TIMERS);
  const responded = {
    ...record,
    status,
    standing: status,
    responseMessage: head.id,
    responseDigest,
    closedAt: now,
  };
  await findOperations(options).ofRecord(record)?.onResponse?.(tx, responded, body);
}

async function refusalArrived(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  { head, body }: Message,
): Promise<void> {
  const record = await ownTransaction(tx, head);
  const code = isObject(body) && typeof body.code === 'string' ? body.code.slice(0, 64) : 'EXCHANGE_MALFORMED';
  await closeRefused(tx, ctx, options, record, code, head.id);
}

const ALL_TIMERS: TimerName[] = ['acknowledge', 'accept', 'respond'];

async function closeRefused(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  record: TransactionRecord,
  code: string,
  message?: string,
): Promise<void> {
  // That it never arrived is certain here, whatever the pattern says of an answer.
  const undelivered = message === undefined && record.closedAt === undefined;
  const status = undelivered ? 'refused' : stepOf(record, 'refuse');
  if (status === undefined) return;
  const now = ctx.clock.now();
  await updateRecord(tx, record, { status, refusal: code, response: message ?? null, closed_at: now });
  await stopTimers(tx, record.id, ALL_TIMERS);
  const refused = { ...record, status, standing: status, refusal: code, closedAt: now };
  await findOperations(options).ofRecord(record)?.onRefused?.(tx, refused, code);
}

/**
 * Where a step of the other side leads. One that comes twice, or after the end, leads nowhere and changes nothing.
 * @throws Failure EXCHANGE_PATTERN for a step that the pattern does not have: a dead letter, for an operator to see
 */
function stepOf({ pattern, standing }: TransactionRecord, step: Step): Standing | undefined {
  return hasStep(pattern, step) ? after(pattern, standing, step) : demandStep(pattern, standing, step);
}

/** The transaction that an answer is about: one that we asked, and of the state that we asked. Another's answer is a dead letter. */
async function ownTransaction(tx: Tx, head: MessageHead): Promise<TransactionRecord> {
  const id = head.transaction?.id ?? '';
  const locked = head.transaction && (await lockRecord(tx, id, 'out'));
  if (!locked || locked.record.to !== head.from) throw new Failure('EXCHANGE_TRANSACTION_UNKNOWN', { transaction: id });
  return locked.record;
}

/** The receiver acknowledged a request: the asking side's record follows its receipt. A one-way transaction ends with it. */
export async function requestDelivered(tx: Tx, head: MessageHead, receivedAt: string): Promise<void> {
  if (head.type !== TRANSACTION_TYPES.request || !head.transaction) return;
  const locked = await lockRecord(tx, head.transaction.id, 'out');
  if (!locked || locked.record.receivedAt !== undefined) return;
  const { record } = locked;
  const isOpen = record.acceptedAt === undefined && record.closedAt === undefined;
  await updateRecord(tx, record, {
    received_at: receivedAt,
    ...(isOpen ? { status: 'received' } : {}),
    ...(isOneWay(record.pattern) && isOpen ? { closed_at: receivedAt } : {}),
  });
  await stopTimers(tx, record.id, isOneWay(record.pattern) ? ALL_TIMERS : ['acknowledge']);
}

/** It is certain that a request was not received: for its operation that is a refusal. */
export async function requestUndelivered(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  head: MessageHead,
  code: string,
): Promise<void> {
  if (head.type !== TRANSACTION_TYPES.request || !head.transaction) return;
  const locked = await lockRecord(tx, head.transaction.id, 'out');
  if (locked) await closeRefused(tx, ctx, options, locked.record, code);
}
