import { canonicalJson, randomBytes, randomId, sha256 } from '../../crypto/index.ts';
import { appendLeaf } from '../../ledger/index.ts';
import { addMilliseconds, enqueue, Failure, type Instant, type Json, type Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { ledgerContent } from '../protocol/answer.ts';
import { headBytes, type MessageHead } from '../protocol/head.ts';

/** A message to be sent. `id` makes sending it again no second message; `expires` defaults to 90 days from now. */
interface NewMessage {
  to: string;
  type: string;
  /** Ordering key: the application or case. */
  lane: string;
  body: Json;
  id?: string;
  expires?: Instant;
  transaction?: MessageHead['transaction'];
  application?: string;
}

/**
 * Sends a message: the durable intent, its place in the lane and the ledger leaf are written in the caller's transaction; it leaves
 * after the commit and is tried until it is received or expires. To its own state it goes the same way, without the wire.
 * @returns the message's id
 * @throws Failure EXCHANGE_RECEIVER_UNKNOWN, EXCHANGE_TOO_LARGE, EXCHANGE_MALFORMED
 * @example await send(tx, ctx, { to: 'ru', type: 'access-notice', lane: application, body: notice })
 */
export async function send(tx: Tx, ctx: ExchangeContext, message: NewMessage): Promise<string> {
  const { to, lane, id = randomId() } = message;
  if (!ctx.trust.states().includes(to)) throw new Failure('EXCHANGE_RECEIVER_UNKNOWN', { to });
  const body = Buffer.from(canonicalJson(message.body));
  if (body.length > LIMITS.bodyBytes) {
    const most = `${LIMITS.bodyBytes} bytes`;
    throw new Failure('EXCHANGE_TOO_LARGE', { what: 'message', size: `${body.length} bytes`, most });
  }
  const [known] = await tx.query('select 1 from exchange_sent where lane = $1 and id = $2', [lane, id]);
  if (known !== undefined) return id;
  await putMessage(tx, ctx, { ...message, id, body, sequence: await nextInLane(tx, lane, to) });
  return id;
}

/** A message whose bytes and place are settled. */
interface PlacedMessage extends Omit<NewMessage, 'body'> {
  id: string;
  body: Buffer;
  sequence: number;
  voids?: string;
}

/** Writes the message, its leaf and its job. */
export async function putMessage(tx: Tx, ctx: ExchangeContext, message: PlacedMessage): Promise<void> {
  const { to, lane, id, body, sequence, application, transaction, voids } = message;
  const created = ctx.clock.now();
  const head: MessageHead = {
    id,
    type: message.type,
    from: ctx.trust.self,
    to,
    lane,
    sequence,
    created,
    expires: message.expires ?? addMilliseconds(created, LIMITS.messageLifeMs),
    ...(transaction === undefined ? {} : { transaction }),
    ...(application === undefined ? {} : { application }),
    ...(voids === undefined ? {} : { voids }),
  };
  const bytes = headBytes(head);
  const bodyDigest = sha256(body);
  const content = ledgerContent({
    message: id,
    head: sha256(bytes).toString('hex'),
    body: bodyDigest.toString('hex'),
    from: head.from,
    to,
    at: created,
  });
  const leaf = await appendLeaf(tx, ctx, { kind: 'message-sent', content });
  await tx.query(
    `insert into exchange_sent (lane, id, receiver, type, sequence, created, expires, application, transaction,
       head, body, salt, body_digest, leaf, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'waiting')`,
    [
      lane,
      id,
      to,
      head.type,
      sequence,
      created,
      head.expires,
      application ?? null,
      transaction?.id ?? null,
      bytes,
      body,
      randomBytes(32),
      bodyDigest,
      leaf.id,
    ],
  );
  await enqueue(tx, { queue: QUEUES.outgoing(to), key: id, payload: { lane, id } });
}

/** Gives the lane's next number. The row is locked until the commit: senders of one case take turns, others do not meet. */
async function nextInLane(tx: Tx, lane: string, peer: string): Promise<number> {
  const [row] = await tx.query<{ sequence: number }>(
    `insert into exchange_lane as lane (lane, peer, direction, next) values ($1, $2, 'out', 2)
     on conflict (lane, peer, direction) do update set next = lane.next + 1
     returning next - 1 as sequence`,
    [lane, peer],
  );
  return (row as { sequence: number }).sequence;
}
