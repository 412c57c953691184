/** Exchange: signed, durable, provable messages between nodes, and the typed transactions made of them. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-exchange.sql';
import recovery from './sql/002-recovery.sql';
import skew from './sql/003-skew.sql';

export type { ExchangeContext, MessageHandler } from './context.ts';
export { eraseMessages, settledApplications } from './erase.ts';
export { messageFile, receiptFile, transactionFile } from './evidence/files.ts';
export type { MessageEvidence, TransactionContent } from './evidence/types.ts';
export { type VerifiedMessage, verifyReceiptFile, verifyTransactionFile } from './evidence/verify.ts';
export { exchangeFailures } from './failures.ts';
export { exchangeHealth } from './health.ts';
export { listDeadLetters, retryDeadLetter, skipDeadLetter } from './incoming/handle.ts';
export { findSentBody } from './outgoing/find-sent-body.ts';
export { listUndelivered } from './outgoing/give-up.ts';
export { send } from './outgoing/send.ts';
export { takeBack } from './outgoing/take-back.ts';
export { ledgerTrustOf } from './proofs/check.ts';
export type { Receipt } from './protocol/answer.ts';
export type { BatchEnvelope } from './protocol/envelope.ts';
export type { MessageHead } from './protocol/head.ts';
export { type BoundRequest, contentDigest, signWebhook } from './protocol/http-binding.ts';
export { type Recovered, recoverFrom } from './recovery/recover.ts';
export { messageRecord, type TransactionReport, transactionReport } from './report.ts';
export { type Exchange, type ExchangeOptions, startExchange } from './start.ts';
export {
  acceptTransaction,
  beginTransaction,
  type NewTransaction,
  refuseTransaction,
  respondTransaction,
} from './transactions/begin.ts';
export type { TransactionHandlers } from './transactions/handlers.ts';
export {
  listTransactions,
  type TransactionRecord,
} from './transactions/record.ts';
export { makePeerClient, type PeerClient, type PeerSocket } from './transport/client.ts';
export type { PeerProtocols, PeerRoutes } from './transport/server.ts';

/** The tables of this room. */
export const migrations: Migrations = {
  room: 'exchange',
  files: [
    { name: '001-exchange', sql },
    { name: '002-recovery', sql: recovery },
    { name: '003-skew', sql: skew },
  ],
};
