import { digestHex } from '../../crypto/index.ts';
import { appendLeaves } from '../../ledger/index.ts';
import type { Instant, Job, Queryable, Tx } from '../../storage/index.ts';
import type { ExchangeContext } from '../context.ts';
import { wantProofs } from '../proofs/fetch.ts';
import { answerBytes, type Receipt } from '../protocol/answer.ts';
import type { Answers } from '../protocol/answers.ts';
import type { Batch, ReadMessage } from '../protocol/batch.ts';
import { parseHead } from '../protocol/head.ts';

/** A message that waits to be received: what its job points at. Its body stays in the database until it goes. */
export interface WaitingMessage extends Omit<ReadMessage, 'body'> {
  bodyBytes: number;
  status: 'waiting' | 'confirming';
}

interface Row {
  id: string;
  head: Buffer;
  bodyBytes: number | null;
  salt: Buffer | null;
  status: WaitingMessage['status'];
}

/** The waiting messages of some jobs, without their bodies, in the jobs' order; what was settled meanwhile is left out. */
export async function waitingMessages(db: Queryable, jobs: readonly Job[]): Promise<WaitingMessage[]> {
  const wanted = jobs.map((job) => job.payload as { lane: string; id: string });
  const rows = await db.query<Row>(
    `select m.id, m.head, octet_length(m.body) as "bodyBytes", m.salt, m.status
     from unnest($1::text[], $2::uuid[]) as w (lane, id) join exchange_sent m on m.lane = w.lane and m.id = w.id
     where m.status in ('waiting', 'confirming')`,
    [wanted.map(({ lane }) => lane), wanted.map(({ id }) => id)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return wanted.flatMap(({ id }) => {
    const row = byId.get(id);
    if (!row?.salt || row.bodyBytes === null) return [];
    const { head, salt, bodyBytes, status } = row;
    return [{ head, salt, bodyBytes, status, parsed: parseHead(head) }];
  });
}

/** Fetches the bodies of the messages that go now: as many as one batch holds, however many wait. */
export async function withBodies(db: Queryable, messages: readonly WaitingMessage[]): Promise<ReadMessage[]> {
  const rows = await db.query<{ id: string; body: Buffer | null }>(
    'select id, body from exchange_sent where (lane, id) in (select * from unnest($1::text[], $2::uuid[]))',
    [messages.map(({ parsed }) => parsed.lane), messages.map(({ parsed }) => parsed.id)],
  );
  const byId = new Map(rows.map(({ id, body }) => [id, body]));
  return messages.flatMap(({ head, salt, parsed }) => {
    const body = byId.get(parsed.id);
    return body ? [{ head, salt, parsed, body }] : [];
  });
}

/** A message of a batch with the receipt that came for it. */
export interface Receipted {
  message: ReadMessage;
  receipt: Receipt;
  /** Its place in the answer, which is that in the batch. */
  place: number;
}

/** Takes down what a peer signed: the answered batch, each receipt with its ledger leaf, and the wish for the peer's proof. */
export async function storeReceipts(
  tx: Tx,
  ctx: ExchangeContext,
  batch: Batch,
  answers: Answers,
  receipted: Receipted[],
): Promise<void> {
  await storeAnsweredBatch(tx, batch, answers, ctx.clock.now());
  if (receipted.length === 0) return;
  const exact = receipted.map(({ receipt }) => answerBytes(receipt));
  const leaves = await appendLeaves(
    tx,
    ctx,
    receipted.map(({ receipt }, index) => ({
      kind: 'receipt' as const,
      content: receiptContent(receipt, exact[index] as Buffer),
    })),
  );
  const heads = receipted.map(({ message }) => message.parsed);
  await tx.query(
    `update exchange_sent m set status = 'delivered', refusal = null, batch = $1, place = w.place, receipt = w.receipt,
       received_at = w.received_at, receipt_leaf = w.leaf
     from unnest($2::text[], $3::uuid[], $4::int[], $5::bytea[], $6::timestamptz[], $7::uuid[])
       as w (lane, id, place, receipt, received_at, leaf)
     where m.lane = w.lane and m.id = w.id`,
    [
      batch.signed.envelope.id,
      heads.map(({ lane }) => lane),
      heads.map(({ id }) => id),
      receipted.map(({ place }) => place),
      exact,
      receipted.map(({ receipt }) => receipt.receivedAt),
      leaves.map(({ id }) => id),
    ],
  );
  await wantProofs(tx, ctx, batch.signed.envelope.receiver, 'out', heads);
}

/** What the ledger of the sender says about a receipt that it was given. */
function receiptContent(receipt: Receipt, exact: Uint8Array): { message: string; receipt: string; from: string } {
  return { message: receipt.message, receipt: digestHex(exact), from: receipt.to };
}

async function storeAnsweredBatch(tx: Tx, batch: Batch, answers: Answers, at: Instant): Promise<void> {
  const { signed, leaves } = batch;
  await tx.query(
    `insert into exchange_envelope (id, direction, peer, envelope, signature, leaves, answer, answer_signature, answer_leaves, at)
     values ($1, 'out', $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      signed.envelope.id,
      signed.envelope.receiver,
      signed.bytes,
      signed.signature,
      Buffer.concat(leaves),
      answers.signed.bytes,
      answers.signed.signature,
      Buffer.concat(answers.leaves),
      at,
    ],
  );
}
