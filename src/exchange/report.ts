import { leafState } from '../ledger/index.ts';
import type { Instant } from '../storage/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Receipt } from './protocol/answer.ts';
import type { MessageHead } from './protocol/head.ts';
import { listTransactions, type TransactionRecord } from './transactions/record.ts';

/** One message as this node knows it. */
interface MessageRecord {
  head: MessageHead;
  /** Hex SHA-256 of the body's exact bytes. */
  bodyDigest: string;
  direction: 'out' | 'in';
  /** out: waiting, confirming, voiding, delivered, refused, expired; in: received, handled, dead, skipped. */
  status: string;
  /** The receiver's signed word, on the sender's side. */
  receipt?: Receipt;
  receivedAt?: Instant;
  /** Where it stands in the two ledgers, as far as that is known here. */
  ledgerIndex: { from: number | null; to: number | null };
}

interface Row {
  head: Buffer;
  body_digest: Buffer;
  status: string;
  leaf: string;
  received_at: Instant | null;
  peer_index: number | null;
  receipt?: Buffer | null;
}

/** A message by its id; where this state wrote to itself, the sender's side unless the other is asked for. */
export async function messageRecord(
  ctx: ExchangeContext,
  id: string,
  direction?: 'in' | 'out',
): Promise<MessageRecord | undefined> {
  const [sent] = await ctx.db.query<Row>(
    `select head, body_digest, status, leaf, received_at, peer_index, receipt from exchange_sent where id = $1`,
    [id],
  );
  if (sent && direction !== 'in') {
    const own = (await leafState(ctx, sent.leaf))?.index ?? null;
    const receipt = sent.receipt ? { receipt: JSON.parse(sent.receipt.toString()) as Receipt } : {};
    return { ...recordOf(sent, 'out'), ...receipt, ledgerIndex: { from: own, to: sent.peer_index } };
  }
  const [received] = await ctx.db.query<Row>(
    `select head, body_digest, status, leaf, received_at, peer_index from exchange_received where id = $1`,
    [id],
  );
  if (!received || direction === 'out') return undefined;
  const own = (await leafState(ctx, received.leaf))?.index ?? null;
  return { ...recordOf(received, 'in'), ledgerIndex: { from: received.peer_index, to: own } };
}

function recordOf(row: Row, direction: 'in' | 'out'): Omit<MessageRecord, 'ledgerIndex'> {
  return {
    head: JSON.parse(row.head.toString()) as MessageHead,
    bodyDigest: row.body_digest.toString('hex'),
    direction,
    status: row.status,
    ...(row.received_at === null ? {} : { receivedAt: row.received_at }),
  };
}

/** A transaction with what proves that its request was received. */
export interface TransactionReport {
  id: string;
  code: string;
  from: string;
  to: string;
  pattern: TransactionRecord['pattern'];
  status: TransactionRecord['status'];
  requestDigest: string;
  receipt: Receipt | null;
  /** Where the request stands in the asking and in the asked state's ledger; null until that is known here. */
  ledgerIndex: { from: number | null; to: number | null };
}

/** The transactions that this state began for an application, oldest first. */
export async function transactionReport(ctx: ExchangeContext, application: string): Promise<TransactionReport[]> {
  const records = await listTransactions(ctx.db, { application });
  const reports: TransactionReport[] = [];
  for (const { id, code, from, to, pattern, status, requestDigest, requestMessage, direction } of records) {
    if (direction !== 'out') continue;
    const message = await messageRecord(ctx, requestMessage, 'out');
    const ledgerIndex = message?.ledgerIndex ?? { from: null, to: null };
    reports.push({
      id,
      code,
      from,
      to,
      pattern,
      status,
      requestDigest,
      receipt: message?.receipt ?? null,
      ledgerIndex,
    });
  }
  return reports;
}
