import { canonicalJson, digestHex, randomBytes, randomId, sha256 } from '../../crypto/index.ts';
import { appendLeaves } from '../../ledger/index.ts';
import { addMilliseconds, enqueueAll, Failure, type Instant, type Json, type Tx } from '../../storage/index.ts';
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
  const [id] = await sendAll(tx, ctx, [message]);
  return id as string;
}

/**
 * Sends several messages by a handful of statements, however many they are; their order is that of the list.
 * @returns their ids
 */
async function sendAll(tx: Tx, ctx: ExchangeContext, messages: readonly NewMessage[]): Promise<string[]> {
  const prepared = messages.map((message) => {
    // To a state that left it is written as to any other, and given up by its delivery: whatever hangs on it ends as after a refusal.
    if (!ctx.trust.everStates().includes(message.to))
      throw new Failure('EXCHANGE_RECEIVER_UNKNOWN', { to: message.to });
    return { ...message, id: message.id ?? randomId(), body: bodyBytes(message.body) };
  });
  const named = messages.filter(({ id }) => id !== undefined);
  const known = named.length === 0 ? new Set() : await knownIds(tx, named);
  const fresh = prepared.filter(({ id }) => !known.has(id));
  const places = await placesInLanes(tx, fresh);
  await putMessages(
    tx,
    ctx,
    fresh.map((message, index) => ({ ...message, sequence: places[index] as number })),
  );
  return prepared.map(({ id }) => id);
}

function bodyBytes(body: Json): Buffer {
  const bytes = Buffer.from(canonicalJson(body));
  if (bytes.length <= LIMITS.bodyBytes) return bytes;
  const most = `${LIMITS.bodyBytes} bytes`;
  throw new Failure('EXCHANGE_TOO_LARGE', { what: 'message', size: `${bytes.length} bytes`, most });
}

async function knownIds(tx: Tx, named: readonly NewMessage[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    'select id from exchange_sent where (lane, id) in (select * from unnest($1::text[], $2::uuid[]))',
    [named.map(({ lane }) => lane), named.map(({ id }) => id)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Gives each message its lane's next number. A lane's row is locked until the commit: senders of one case take turns, others do not meet. */
async function placesInLanes(tx: Tx, messages: readonly { lane: string; to: string }[]): Promise<number[]> {
  if (messages.length === 0) return [];
  const rows = await tx.query<{ lane: string; peer: string; first: number }>(
    `insert into exchange_lane as lane (lane, peer, direction, next)
     select w.lane, w.peer, 'out', count(*) + 1 from unnest($1::text[], $2::text[]) as w (lane, peer)
     group by w.lane, w.peer order by w.lane, w.peer
     on conflict (lane, peer, direction) do update set next = lane.next + excluded.next - 1
     returning lane, peer, next - (select count(*) from unnest($1::text[], $2::text[]) as c (lane, peer)
       where c.lane = lane.lane and c.peer = lane.peer) as first`,
    [messages.map(({ lane }) => lane), messages.map(({ to }) => to)],
  );
  const next = new Map(rows.map(({ lane, peer, first }) => [`${peer} ${lane}`, first]));
  return messages.map(({ lane, to }) => {
    const key = `${to} ${lane}`;
    const place = next.get(key) as number;
    next.set(key, place + 1);
    return place;
  });
}

/** A message whose bytes and place are settled. */
interface PlacedMessage extends Omit<NewMessage, 'body'> {
  id: string;
  body: Buffer;
  sequence: number;
  voids?: string;
}

/** Writes messages, their leaves and their jobs. */
export async function putMessages(tx: Tx, ctx: ExchangeContext, messages: readonly PlacedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const created = ctx.clock.now();
  const made = messages.map((message) => {
    const head = headOf(ctx, message, created);
    return { ...message, head, bytes: headBytes(head), bodyDigest: sha256(message.body) };
  });
  const leaves = await appendLeaves(
    tx,
    ctx,
    made.map(({ id, head, bytes, bodyDigest }) => ({
      kind: 'message-sent' as const,
      content: ledgerContent({
        message: id,
        head: digestHex(bytes),
        body: bodyDigest.toString('hex'),
        from: head.from,
        to: head.to,
        at: created,
      }),
    })),
  );
  await tx.query(INSERT, [
    created,
    made.map(({ lane }) => lane),
    made.map(({ id }) => id),
    made.map(({ to }) => to),
    made.map(({ type }) => type),
    made.map(({ sequence }) => sequence),
    made.map(({ head }) => head.expires),
    made.map(({ application }) => application ?? null),
    made.map(({ transaction }) => transaction?.id ?? null),
    made.map(({ bytes }) => bytes),
    made.map(({ body }) => body),
    made.map(() => randomBytes(32)),
    made.map(({ bodyDigest }) => bodyDigest),
    leaves.map(({ id }) => id),
  ]);
  await enqueueAll(
    tx,
    made.map(({ to, id, lane }) => ({ queue: QUEUES.outgoing(to), key: id, payload: { lane, id } })),
  );
}

const INSERT = `
  insert into exchange_sent (created, status, lane, id, receiver, type, sequence, expires, application, transaction,
    head, body, salt, body_digest, leaf)
  select $1, 'waiting', * from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[],
    $8::text[], $9::uuid[], $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[], $14::uuid[])`;

function headOf(ctx: ExchangeContext, message: PlacedMessage, created: Instant): MessageHead {
  const { id, type, to, lane, sequence, expires, application, transaction, voids } = message;
  return {
    id,
    type,
    from: ctx.trust.self,
    to,
    lane,
    sequence,
    created,
    expires: expires ?? addMilliseconds(created, LIMITS.messageLifeMs),
    ...(transaction === undefined ? {} : { transaction }),
    ...(application === undefined ? {} : { application }),
    ...(voids === undefined ? {} : { voids }),
  };
}
