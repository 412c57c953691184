import { randomId } from '../crypto/index.ts';
import type { Instant, Queryable, Tx } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import { tellSenders } from './outcomes.ts';
import { isSubscription } from './topics/subscriptions.ts';
import { wakePullers } from './wake.ts';
import { wantTurn } from './webhooks/rows.ts';

/** A message that came to nothing, as an operator sees it on either side. Never its content: reading that is the receiver's alone. */
export interface DeadMessage {
  id: string;
  /** `in`: in a channel of this state; `out`: sent by one of its systems. */
  direction: 'in' | 'out';
  sender: string;
  channel: string;
  type: string;
  key: string | null;
  size: number;
  status: string;
  reason: string;
  created: Instant;
  expires: Instant;
  deliveries: number | null;
  /** How many messages of its key wait behind it. */
  behind: number;
}

const DEAD_IN = `
  select id, 'in' as direction, sender, channel, type, ordering_key as key, size, status, coalesce(reason, '') as reason, created,
    expires, deliveries, (select count(*)::int from messages_inbox b where b.channel = m.channel and b.sender = m.sender
      and b.ordering_key = m.ordering_key and b.position > m.position and b.status in ('ready', 'leased')) as behind
  from messages_inbox m`;
const DEAD_OUT = `
  select id, 'out' as direction, sender, channel, type, ordering_key as key, size, status, coalesce(reason->>'code', '') as reason, created,
    expires, null::int as deliveries, 0 as behind
  from messages_sent`;

/** Messages that are dead in channels of this state, and those of its systems that were refused, expired or are dead: oldest first. */
export async function listDeadMessages(db: Queryable): Promise<DeadMessage[]> {
  const dead = await db.query<DeadMessage>(`${DEAD_IN} where status = 'dead' order by received_at limit 1000`);
  const failed = await db.query<DeadMessage>(
    `${DEAD_OUT} where status in ('dead', 'refused', 'expired') order by status_at limit 1000`,
  );
  return [...dead, ...failed];
}

/** A message of this state by its id, however it stands; both sides where one of its systems wrote to another. */
export async function findMessage(db: Queryable, id: string): Promise<DeadMessage[]> {
  const received = await db.query<DeadMessage>(`${DEAD_IN} where id::text = $1`, [id]);
  const sent = await db.query<DeadMessage>(`${DEAD_OUT} where id::text = $1`, [id]);
  return [...received, ...sent];
}

/** Lets a dead message be handed out again, with all its attempts; its sender is told. @returns false where there is none */
export async function retryDead(tx: Tx, ctx: MessagesContext, id: string): Promise<boolean> {
  const [row] = await tx.query<{ id: string; channel: string; sender: string }>(
    `update messages_inbox set status = 'ready', deliveries = 0, not_before = null, reason = null
     where id::text = $1 and status = 'dead' returning id, channel, sender`,
    [id],
  );
  if (row === undefined) return false;
  const { channel, ...one } = row;
  await tellSenders(tx, ctx, channel, [{ ...one, status: 'received' }]);
  if (isSubscription(channel)) await wantTurn(tx, channel.slice(channel.lastIndexOf('/') + 1), `again/${randomId()}`);
  tx.afterCommit(() => wakePullers(tx.db, channel));
  return true;
}

/** Takes a dead message out of its channel for good, so that its key goes on; its sender is told. @returns false where there is none */
export async function dropDead(tx: Tx, ctx: MessagesContext, id: string): Promise<boolean> {
  const [row] = await tx.query<{ id: string; channel: string; sender: string }>(
    `update messages_inbox set status = 'dropped', content = null, persons = null, settled_at = $2
     where id::text = $1 and status = 'dead' returning id, channel, sender`,
    [id, ctx.clock.now()],
  );
  if (row === undefined) return false;
  const { channel, ...one } = row;
  await tellSenders(tx, ctx, channel, [{ ...one, status: 'dropped', reason: { code: 'MESSAGES_DROPPED' } }]);
  if (isSubscription(channel)) await wantTurn(tx, channel.slice(channel.lastIndexOf('/') + 1), `again/${randomId()}`);
  tx.afterCommit(() => wakePullers(tx.db, channel));
  return true;
}
