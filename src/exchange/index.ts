/** Exchange: signed, durable, provable messages between nodes, and the typed transactions made of them. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-exchange.sql';

export type { ExchangeContext, Message, MessageHandler } from './context.ts';
export { messageFile, receiptFile, transactionFile } from './evidence/files.ts';
export type { MessageEvidence, ReceiptContent, TransactionContent } from './evidence/types.ts';
export { type VerifiedMessage, verifyReceiptFile, verifyTransactionFile } from './evidence/verify.ts';
export { type ExchangeFailureCode, exchangeFailures } from './failures.ts';
export { exchangeHealth, type PeerHealth } from './health.ts';
export { type DeadLetter, listDeadLetters, retryDeadLetter, skipDeadLetter } from './incoming/handle.ts';
export { type NewMessage, send } from './outgoing/send.ts';
export type { CheckedProof } from './proofs/check.ts';
export type { Receipt } from './protocol/answer.ts';
export type { MessageHead, Pattern } from './protocol/head.ts';
export { type MessageRecord, messageRecord, type TransactionReport, transactionReport } from './report.ts';
export { type Exchange, type ExchangeOptions, startExchange } from './start.ts';
export {
  acceptTransaction,
  beginTransaction,
  type NewTransaction,
  refuseTransaction,
  respondTransaction,
} from './transactions/begin.ts';
export type { TransactionHandlers, TransactionOptions } from './transactions/handlers.ts';
export {
  listTransactions,
  type TimerName,
  type TransactionRecord,
  type TransactionStatus,
  type TransactionTimers,
} from './transactions/record.ts';
export type { PeerAnswer, PeerQuestion } from './transport/client.ts';
export type { PeerRequest, PeerResponse, PeerRoutes } from './transport/server.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'exchange', files: [{ name: '001-exchange', sql }] };
