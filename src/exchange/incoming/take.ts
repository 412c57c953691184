import { digestHex, digestOf, sha256 } from '../../crypto/index.ts';
import { type AppendedLeaf, appendLeaves } from '../../ledger/index.ts';
import { enqueueAll, type Instant, type Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { wantProofs } from '../proofs/fetch.ts';
import { type Answer, ledgerContent, type Receipt } from '../protocol/answer.ts';
import type { Batch, ReadMessage } from '../protocol/batch.ts';
import { parseBatchEnvelope } from '../protocol/envelope.ts';
import { type MessageHead, malformed } from '../protocol/head.ts';
import { mayBeLost } from '../recovery/recover.ts';

/**
 * Makes a checked batch durable in one transaction: new messages with their ledger leaves, and the job of each that is next in its
 * lane. A message that is there already is not taken twice; it gets the receipt that it got before.
 * @returns what is to be said about each message, in order
 */
export async function takeBatch(ctx: ExchangeContext, batch: Batch): Promise<Answer[]> {
  return ctx.db.transaction(async (tx) => {
    const { sender, root } = batch.signed.envelope;
    const now = ctx.clock.now();
    const next = await lockLanes(tx, sender, batch.messages);
    const known = await knownMessages(tx, sender, batch.messages);
    const taken = new Set<string>();
    const outcomes: Outcome[] = [];
    for (const message of batch.messages) {
      const outcome = judge(message, known, taken, now);
      const isLate = outcome !== 'fresh' && 'refused' in outcome && outcome.refused === EXPIRED;
      const counts = isLate && (await mayBeLost(tx, sender, message.parsed));
      outcomes.push(counts ? judge(message, known, taken, message.parsed.created) : outcome);
    }
    const fresh = outcomes.flatMap((outcome, place) => {
      const message = batch.messages[place];
      return outcome === 'fresh' && message !== undefined ? [{ message, place }] : [];
    });
    const leaves = await storeFresh(tx, ctx, batch, fresh, now);
    await wantHandling(tx, sender, fresh, next);
    if (sender !== ctx.trust.self) {
      await wantProofs(
        tx,
        ctx,
        sender,
        'in',
        fresh.map(({ message }) => message.parsed),
      );
    }
    return outcomes.map((outcome, place): Answer => {
      const message = batch.messages[place] as ReadMessage;
      if (outcome === 'fresh') {
        const leaf = leaves.get(place) as AppendedLeaf;
        return receiptFor(ctx, message.parsed, digests(message), { receivedAt: now, batch: root, salt: leaf.salt });
      }
      if ('refused' in outcome) return { message: message.parsed.id, refused: outcome.refused, at: now };
      return receiptFor(ctx, message.parsed, digests(message), outcome.known);
    });
  });
}

interface Known {
  lane: string;
  id: string;
  sequence: number;
  head: Buffer;
  bodyDigest: Buffer;
  receivedAt: Instant;
  leafSalt: string;
  envelope: Buffer;
}

const EXPIRED = 'EXCHANGE_MESSAGE_EXPIRED';

type Outcome = 'fresh' | { refused: string } | { known: { receivedAt: Instant; batch: string; salt: string } };

/** Duplicates first: who asks again for a receipt that was lost gets it, even for a message that has expired meanwhile. */
function judge(message: ReadMessage, known: Known[], taken: Set<string>, now: Instant): Outcome {
  const { id, lane, sequence, expires } = message.parsed;
  const place = `${sequence} ${lane}`;
  const same = known.find((row) => row.id === id && row.lane === lane);
  if (same) {
    if (!same.head.equals(message.head) || !same.bodyDigest.equals(sha256(message.body))) {
      return { refused: 'EXCHANGE_ID_REUSED' };
    }
    const { root } = parseBatchEnvelope(same.envelope);
    return { known: { receivedAt: same.receivedAt, batch: root, salt: same.leafSalt } };
  }
  if (taken.has(place) || known.some((row) => row.lane === lane && row.sequence === sequence)) {
    return { refused: 'EXCHANGE_SEQUENCE_TAKEN' };
  }
  if (expires <= now) return { refused: EXPIRED };
  taken.add(place);
  return 'fresh';
}

/**
 * Locks the lanes of a batch, in one order for all. Who handles a lane's message locks it too: so either that one sees the message
 * that comes after it, or this one sees that it is next; a message is never left without a job.
 */
async function lockLanes(tx: Tx, sender: string, messages: ReadMessage[]): Promise<Map<string, number>> {
  const lanes = [...new Set(messages.map(({ parsed }) => parsed.lane))].sort();
  const lock = () =>
    tx.query<{ lane: string; next: number }>(
      `select lane, next from exchange_lane where lane = any($1) and peer = $2 and direction = 'in' order by lane for update`,
      [lanes, sender],
    );
  let rows = await lock();
  if (rows.length < lanes.length) {
    await tx.query(
      `insert into exchange_lane (lane, peer, direction, next)
       select lane, $2, 'in', 1 from unnest($1::text[]) as lane order by lane on conflict do nothing`,
      [lanes, sender],
    );
    rows = await lock();
  }
  return new Map(rows.map(({ lane, next }) => [lane, next]));
}

/** Messages that are here already under one of these ids, or in one of these places. */
async function knownMessages(tx: Tx, sender: string, messages: ReadMessage[]): Promise<Known[]> {
  return tx.query<Known>(
    `select r.lane, r.id, r.sequence, r.head, r.body_digest as "bodyDigest", r.received_at as "receivedAt",
       r.leaf_salt as "leafSalt", e.envelope
     from exchange_received r join exchange_envelope e on e.id = r.batch and e.direction = 'in'
     where r.sender = $1 and ((r.lane, r.id) in (select * from unnest($2::text[], $3::uuid[]))
       or (r.lane, r.sequence) in (select * from unnest($2::text[], $4::bigint[])))`,
    [
      sender,
      messages.map(({ parsed }) => parsed.lane),
      messages.map(({ parsed }) => parsed.id),
      messages.map(({ parsed }) => parsed.sequence),
    ],
  );
}

interface Fresh {
  message: ReadMessage;
  place: number;
}

async function storeFresh(
  tx: Tx,
  ctx: ExchangeContext,
  batch: Batch,
  fresh: Fresh[],
  now: Instant,
): Promise<Map<number, AppendedLeaf>> {
  if (fresh.length === 0) return new Map();
  const { envelope } = batch.signed;
  const stored = await tx.query(
    `insert into exchange_envelope (id, direction, peer, envelope, signature, leaves, at) values ($1, 'in', $2, $3, $4, $5, $6)
     on conflict do nothing returning 1`,
    [envelope.id, envelope.sender, batch.signed.bytes, batch.signed.signature, Buffer.concat(batch.leaves), now],
  );
  // New messages under the id of another batch would stand under a root that does not cover them.
  if (stored.length === 0) throw malformed('batch', 'its id was used before');
  const leaves = await appendLeaves(
    tx,
    ctx,
    fresh.map(({ message }) => ({
      kind: 'message-received' as const,
      content: receivedContent(message.parsed, digests(message), now),
    })),
  );
  const heads = fresh.map(({ message }) => message.parsed);
  await tx.query(INSERT, [
    envelope.sender,
    now,
    envelope.id,
    heads.map(({ lane }) => lane),
    heads.map(({ id }) => id),
    heads.map(({ type }) => type),
    heads.map(({ sequence }) => sequence),
    heads.map(({ created }) => created),
    heads.map(({ expires }) => expires),
    heads.map(({ application }) => application ?? null),
    heads.map(({ transaction }) => transaction?.id ?? null),
    fresh.map(({ message }) => message.head),
    fresh.map(({ message }) => message.body),
    fresh.map(({ message }) => message.salt),
    fresh.map(({ message }) => sha256(message.body)),
    leaves.map(({ id }) => id),
    leaves.map(({ salt }) => salt),
    fresh.map(({ place }) => place),
  ]);
  return new Map(fresh.map(({ place }, index) => [place, leaves[index] as AppendedLeaf]));
}

const INSERT = `
  insert into exchange_received (sender, received_at, batch, status, lane, id, type, sequence, created, expires, application,
    transaction, head, body, salt, body_digest, leaf, leaf_salt, place)
  select $1, $2, $3, 'received', *
  from unnest($4::text[], $5::uuid[], $6::text[], $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::text[],
    $11::uuid[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[], $16::uuid[], $17::text[], $18::int[])`;

async function wantHandling(tx: Tx, sender: string, fresh: Fresh[], next: Map<string, number>): Promise<void> {
  const ready = fresh.map(({ message }) => message.parsed).filter(({ lane, sequence }) => next.get(lane) === sequence);
  await enqueueAll(
    tx,
    ready.map(({ lane, id }) => handlingJob(lane, sender, id)),
  );
}

/** The job that handles a received message. */
export function handlingJob(lane: string, sender: string, id: string) {
  return { queue: QUEUES.incoming, key: `${sender}/${id}`, payload: { lane, sender, id } };
}

interface Digests {
  head: string;
  body: string;
}

function digests(message: { head: Uint8Array; body: Uint8Array }): Digests {
  return { head: digestHex(message.head), body: digestHex(message.body) };
}

function receivedContent(head: MessageHead, digests: Digests, at: Instant) {
  return ledgerContent({ message: head.id, ...digests, from: head.from, to: head.to, at });
}

/** The receipt of a message that was received; always the same for the same message. */
export function receiptFor(
  ctx: { ledger: { origin: string } },
  head: MessageHead,
  digests: Digests,
  received: { receivedAt: Instant; batch: string; salt: string },
): Receipt {
  const { receivedAt, batch, salt } = received;
  const contentDigest = digestOf(receivedContent(head, digests, receivedAt));
  return {
    message: head.id,
    ...digests,
    from: head.from,
    to: head.to,
    receivedAt,
    batch,
    promise: {
      origin: ctx.ledger.origin,
      within: LIMITS.promiseSeconds,
      leaf: { kind: 'message-received', salt, contentDigest },
    },
  };
}
