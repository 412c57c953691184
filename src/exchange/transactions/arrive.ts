import { canonicalJson, digestHex } from '../../crypto/index.ts';
import { Failure, isFailure, type Json, type Tx } from '../../storage/index.ts';
import type { ExchangeContext, Message, MessageHandler } from '../context.ts';
import { isObject, type MessageHead } from '../protocol/head.ts';
import { type RequestBody, refuseTransaction, TRANSACTION_TYPES } from './begin.ts';
import { findOperations, type TransactionOptions } from './handlers.ts';
import { isOneWay } from './patterns.ts';
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
  if (refusal !== undefined) return refuseTransaction(tx, ctx, transaction.id, { code: refusal });
  await findOperations(options).ofRecord(record)?.onRequest?.(tx, record, request.body);
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
  if (record.acceptedAt !== undefined || record.closedAt !== undefined) return;
  const now = ctx.clock.now();
  await updateRecord(tx, record, { status: 'accepted', accepted_at: now, received_at: record.receivedAt ?? now });
  await stopTimers(tx, record.id, ['acknowledge', 'accept']);
  const accepted = { ...record, status: 'accepted' as const, acceptedAt: now };
  await findOperations(options).ofRecord(record)?.onAccepted?.(tx, accepted, message.body);
}

async function responseArrived(
  tx: Tx,
  ctx: ExchangeContext,
  options: TransactionOptions,
  { head, body }: Message,
): Promise<void> {
  const record = await ownTransaction(tx, head);
  if (record.closedAt !== undefined) return;
  const now = ctx.clock.now();
  const responseDigest = digestHex(canonicalJson(body));
  await updateRecord(tx, record, {
    status: 'responded',
    response: head.id,
    response_digest: responseDigest,
    received_at: record.receivedAt ?? now,
    closed_at: now,
  });
  await stopTimers(tx, record.id, ALL_TIMERS);
  const responded = {
    ...record,
    status: 'responded' as const,
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
  if (record.closedAt !== undefined) return;
  const now = ctx.clock.now();
  await updateRecord(tx, record, { status: 'refused', refusal: code, response: message ?? null, closed_at: now });
  await stopTimers(tx, record.id, ALL_TIMERS);
  const refused = { ...record, status: 'refused' as const, refusal: code, closedAt: now };
  await findOperations(options).ofRecord(record)?.onRefused?.(tx, refused, code);
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
    ...(isOneWay(record.pattern) ? { closed_at: receivedAt } : {}),
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
