import { sha256 } from '../../crypto/index.ts';
import { appendLeaves } from '../../ledger/index.ts';
import { enqueueAll, Failure, type Instant, type Queryable, type Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES, VOID_TYPE } from '../context.ts';
import { ledgerContent } from '../protocol/answer.ts';
import { type MessageHead, parseHead } from '../protocol/head.ts';
import type { PeerClient } from '../transport/client.ts';
import { AGAIN_PATH, KEPT_PATH, type KeptMessage } from './keep.ts';

/** What a peer gave back. */
export interface Recovered {
  /** Messages of ours that we did not remember. */
  sent: number;
  /** Messages of its own that it sends once more; those that are here are answered as before. */
  again: number;
}

/**
 * After a restore from an old backup: takes back from a peer what this node had sent to it, and asks for what it had received from it. To be
 * called before anything is sent: a message under a place in a lane that was given already would be refused for good.
 * @param since a moment before which nothing was lost
 * @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_ANSWER
 */
export async function recoverFrom(
  ctx: ExchangeContext,
  { ask }: Pick<PeerClient, 'ask'>,
  peer: string,
  since: Instant,
): Promise<Recovered> {
  await ctx.db.query(
    `insert into exchange_recovery (peer, since) values ($1, $2)
     on conflict (peer) do update set since = least(exchange_recovery.since, excluded.since), done_at = null`,
    [peer, since],
  );
  const wanted = async <T>(method: 'GET' | 'POST', path: string, body?: string): Promise<T> => {
    const answer = await ask(peer, { method, path, ...(body !== undefined && { body: Buffer.from(body) }) });
    if (answer.status !== 200) throw new Failure('EXCHANGE_ANSWER', { peer, reason: `status ${answer.status}` });
    return JSON.parse(answer.body.toString('utf8')) as T;
  };
  let sent = 0;
  for (let after: string | null = ''; after !== null; ) {
    const path = `${KEPT_PATH}?since=${since}${after === '' ? '' : `&after=${after}`}`;
    const page: { messages: KeptMessage[]; next: string | null } = await wanted('GET', path);
    sent += await ctx.db.transaction((tx) => takeBack(tx, ctx, peer, page.messages));
    after = page.next;
  }
  const { count } = await wanted<{ count: number }>('POST', AGAIN_PATH, JSON.stringify({ since }));
  await ctx.db.query('update exchange_recovery set done_at = $2 where peer = $1', [peer, ctx.clock.now()]);
  return { sent, again: count };
}

/** Whether a message that came late is one that this node had received before it was restored: then its end says nothing. */
export async function mayBeLost(db: Queryable, sender: string, head: Pick<MessageHead, 'created'>): Promise<boolean> {
  const rows = await db.query("select 1 from exchange_recovery where peer = $1 and $2 >= since - interval '30 days'", [
    sender,
    head.created,
  ]);
  return rows.length > 0;
}

interface Back {
  parsed: MessageHead;
  head: Buffer;
  body: Buffer;
  salt: Buffer;
}

/** Sent once more, they get the receipts that they got before. */
async function takeBack(tx: Tx, ctx: ExchangeContext, peer: string, kept: readonly KeptMessage[]): Promise<number> {
  const all = kept.map(({ head, body, salt }): Back => {
    const bytes = Buffer.from(head, 'base64');
    return {
      parsed: parseHead(bytes),
      head: bytes,
      body: Buffer.from(body, 'base64'),
      salt: Buffer.from(salt, 'base64'),
    };
  });
  const own = all.filter(({ parsed }) => parsed.from === ctx.trust.self && parsed.to === peer);
  const known = await tx.query<{ id: string }>('select id from exchange_sent where id = any($1)', [
    own.map(({ parsed }) => parsed.id),
  ]);
  const ids = new Set(known.map(({ id }) => id));
  const lost = own.filter(({ parsed }) => !ids.has(parsed.id));
  if (lost.length === 0) return 0;
  const leaves = await appendLeaves(
    tx,
    ctx,
    lost.map(({ parsed: { id, from, to, created }, head, body }) => ({
      kind: 'message-sent' as const,
      content: ledgerContent({
        ...{ message: id, head: sha256(head).toString('hex'), body: sha256(body).toString('hex') },
        ...{ from, to, at: created },
      }),
    })),
  );
  for (const [place, { parsed, head, body, salt }] of lost.entries()) {
    await tx.query(
      `insert into exchange_sent (lane, id, receiver, type, sequence, created, expires, application, transaction, head, body, salt,
         body_digest, leaf, status)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'confirming')`,
      [
        ...[parsed.lane, parsed.id, peer, parsed.type, parsed.sequence, parsed.created, parsed.expires],
        ...[
          parsed.application ?? null,
          parsed.transaction?.id ?? null,
          head,
          body,
          salt,
          sha256(body),
          leaves[place]?.id,
        ],
      ],
    );
    await tx.query(
      `insert into exchange_lane as lane (lane, peer, direction, next) values ($1, $2, 'out', $3)
       on conflict (lane, peer, direction) do update set next = greatest(lane.next, excluded.next)`,
      [parsed.lane, peer, parsed.sequence + 1],
    );
  }
  await enqueueAll(
    tx,
    lost
      .filter(({ parsed }) => parsed.type !== VOID_TYPE)
      .map(({ parsed: { lane, id } }) => ({ queue: QUEUES.outgoing(peer), key: id, payload: { lane, id } })),
  );
  return lost.length;
}
