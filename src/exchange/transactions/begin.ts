import { canonicalJson, digestHex, randomId } from '../../crypto/index.ts';
import { Failure, type Json, type Tx } from '../../storage/index.ts';
import type { ExchangeContext } from '../context.ts';
import { send } from '../outgoing/send.ts';
import type { Pattern } from '../protocol/head.ts';
import { demandStep, hasStep } from './patterns.ts';
import { insertRecord, lockRecord, type TransactionRecord, type TransactionTimers, updateRecord } from './record.ts';
import { setTimers } from './timers.ts';

/** A transaction to begin; all but `to`, the agencies, the case and the body stands in the agreement. */
export interface NewTransaction {
  code: string;
  pattern: Pattern;
  /** What it does, e.g. `fetchEvidence`: chooses this side's handlers; the asked side finds its own in its own contract. */
  operation: string;
  agreement: string;
  /** Digest of the contract. */
  contract: string;
  to: string;
  fromAgency: string;
  toAgency: string;
  application?: string;
  case?: string;
  /** Ordering key: the application or case. */
  lane: string;
  body: Json;
  timers: TransactionTimers;
  /** How often a receipt is waited for anew before the transaction is overdue. */
  retries: number;
  id?: string;
}

/** The types of the messages that transactions are made of. */
export const TRANSACTION_TYPES = {
  request: 'transaction/request',
  accepted: 'transaction/accepted',
  response: 'transaction/response',
  refused: 'transaction/refused',
} as const;

/** The body of a request: what was asked, and between whom. */
export interface RequestBody {
  agreement: string;
  fromAgency: string;
  toAgency: string;
  case?: string;
  body: Json;
}

/**
 * Begins a transaction: its record, its timers and the message are written in the caller's transaction.
 * @returns the transaction's id
 * @throws Failure EXCHANGE_RECEIVER_UNKNOWN, EXCHANGE_TOO_LARGE, EXCHANGE_TIMER
 * @example
 * const id = await beginTransaction(tx, ctx, { ...type, agreement, contract, to: 'ru', fromAgency, toAgency, application, lane: application, body });
 */
export async function beginTransaction(tx: Tx, ctx: ExchangeContext, wanted: NewTransaction): Promise<string> {
  const { code, pattern, contract, to, lane, application, id = randomId() } = wanted;
  const request: RequestBody = {
    agreement: wanted.agreement,
    fromAgency: wanted.fromAgency,
    toAgency: wanted.toAgency,
    ...(wanted.case === undefined ? {} : { case: wanted.case }),
    body: wanted.body,
  };
  const body = request as unknown as Json;
  const message = randomId();
  const record = {
    id,
    direction: 'out' as const,
    code,
    pattern,
    operation: wanted.operation,
    agreement: wanted.agreement,
    contract,
    from: ctx.trust.self,
    to,
    fromAgency: wanted.fromAgency,
    toAgency: wanted.toAgency,
    application,
    case: wanted.case,
    lane,
    status: 'sent' as const,
    requestMessage: message,
    requestDigest: digestHex(canonicalJson(body)),
    begunAt: ctx.clock.now(),
    retries: wanted.retries,
    timers: wanted.timers,
  };
  if (!(await insertRecord(tx, record))) return id;
  await send(tx, ctx, {
    to,
    type: TRANSACTION_TYPES.request,
    lane,
    body,
    id: message,
    transaction: { id, code, pattern, contract },
    application,
  });
  await setTimers(tx, record, wanted.timers);
  return id;
}

/**
 * Says that a request was accepted for processing. Saying it twice says it once.
 * @throws Failure EXCHANGE_TRANSACTION_UNKNOWN, EXCHANGE_PATTERN
 */
export async function acceptTransaction(tx: Tx, ctx: ExchangeContext, id: string, body: Json = null): Promise<void> {
  const record = await askedRecord(tx, id);
  if (hasStep(record.pattern, 'accept') && record.standing !== 'received') return;
  const status = demandStep(record.pattern, record.standing, 'accept');
  await answer(tx, ctx, record, TRANSACTION_TYPES.accepted, body);
  await updateRecord(tx, record, { status, accepted_at: ctx.clock.now() });
}

/**
 * Answers a request. A mutual obligation is accepted before.
 * @throws Failure EXCHANGE_TRANSACTION_UNKNOWN, EXCHANGE_TRANSACTION_CLOSED, EXCHANGE_PATTERN
 */
export async function respondTransaction(tx: Tx, ctx: ExchangeContext, id: string, body: Json): Promise<void> {
  const record = await askedRecord(tx, id);
  if (hasStep(record.pattern, 'respond')) demandOpen(record);
  const status = demandStep(record.pattern, record.standing, 'respond');
  const message = await answer(tx, ctx, record, TRANSACTION_TYPES.response, body);
  await updateRecord(tx, record, {
    status,
    response: message,
    response_digest: digestHex(canonicalJson(body)),
    closed_at: ctx.clock.now(),
  });
}

/**
 * Refuses a request with a code that the asking side can show: a negative acknowledgement. What was accepted as a mutual obligation
 * binds, and a distribution is answered by nobody.
 * @throws Failure EXCHANGE_TRANSACTION_UNKNOWN, EXCHANGE_TRANSACTION_CLOSED, EXCHANGE_PATTERN
 */
export async function refuseTransaction(
  tx: Tx,
  ctx: ExchangeContext,
  id: string,
  { code }: { code: string },
): Promise<void> {
  const record = await askedRecord(tx, id);
  if (hasStep(record.pattern, 'refuse')) demandOpen(record);
  const status = demandStep(record.pattern, record.standing, 'refuse');
  const message = await answer(tx, ctx, record, TRANSACTION_TYPES.refused, { code });
  await updateRecord(tx, record, { status, refusal: code, response: message, closed_at: ctx.clock.now() });
}

async function askedRecord(tx: Tx, id: string): Promise<TransactionRecord> {
  const locked = await lockRecord(tx, id, 'in');
  if (!locked) throw new Failure('EXCHANGE_TRANSACTION_UNKNOWN', { transaction: id });
  return locked.record;
}

function demandOpen({ id, status, closedAt }: TransactionRecord): void {
  if (closedAt !== undefined) throw new Failure('EXCHANGE_TRANSACTION_CLOSED', { transaction: id, status });
}

function answer(tx: Tx, ctx: ExchangeContext, record: TransactionRecord, type: string, body: Json): Promise<string> {
  const { id, code, pattern, contract, from, lane, application } = record;
  return send(tx, ctx, { to: from, type, lane, body, transaction: { id, code, pattern, contract }, application });
}
