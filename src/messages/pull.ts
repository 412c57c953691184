import { randomId } from '../crypto/index.ts';
import { addMilliseconds, Failure, type Instant, type Tx } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import { LIMITS } from './limits.ts';
import { tellSenders } from './outcomes.ts';
import { type Named, recordReading } from './record-reading.ts';
import { waitForMessage } from './wake.ts';

/** A message as its receiver gets it. */
export interface HandedOut {
  id: string;
  sender: string;
  type: string;
  key: string | null;
  created: Instant;
  receivedAt: Instant;
  expires: Instant;
  /** 1 for the first time. */
  delivery: number;
  contentType: string;
  content: Buffer;
}

/** Messages that a system has for itself until the lease ends. */
export interface Lease {
  id: string;
  until: Instant;
  messages: HandedOut[];
}

export interface PullOptions {
  /** At most so many; default and most 100. */
  max?: number | undefined;
  leaseSeconds?: number | undefined;
  /** Waits so long for the first one; default: not at all. */
  waitMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

const LOOK_MS = 500;

/**
 * Hands out the next messages of a channel, under one lease. Of each key the earliest come first, and none while an earlier one is
 * with somebody else, backs off or is dead. What is not acknowledged before the lease ends is handed out again, so a system must expect to
 * see a message twice, by the same id. Each person whom a message names has an entry in her access record before it goes out.
 * @throws Failure MESSAGES_LEASE
 * @example const { id, messages } = await pullMessages(ctx, 'kz.population/register/claims', { max: 10 });
 */
export async function pullMessages(ctx: MessagesContext, channel: string, options: PullOptions = {}): Promise<Lease> {
  const seconds = options.leaseSeconds ?? LIMITS.leaseSeconds.usual;
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > LIMITS.leaseSeconds.most)
    throw new Failure('MESSAGES_LEASE', { most: LIMITS.leaseSeconds.most });
  const max = Math.min(options.max ?? LIMITS.pull.messages, LIMITS.pull.messages);
  const end = performance.now() + (options.waitMs ?? 0);
  for (;;) {
    const lease = await ctx.db.transaction((tx) => lease1(tx, ctx, channel, max, seconds));
    const left = end - performance.now();
    if (lease.messages.length > 0 || left <= 0 || options.signal?.aborted === true) return lease;
    await waitForMessage(ctx.db, channel, Math.min(left, LOOK_MS), options.signal);
  }
}

async function lease1(tx: Tx, ctx: MessagesContext, channel: string, max: number, seconds: number): Promise<Lease> {
  const now = ctx.clock.now();
  await takeTurn(tx, channel);
  await giveUp(tx, ctx, channel, now);
  const id = randomId();
  const until = addMilliseconds(now, seconds * 1000);
  const rows = await tx.query<HandedOut & Named & { position: number }>(HAND_OUT, [
    channel,
    now,
    max,
    id,
    until,
    LIMITS.pull.bytes,
    LIMITS.deliveriesInCompany,
  ]);
  rows.sort((a, b) => a.position - b.position);
  await recordReading(tx, ctx, channel, rows);
  return { id, until, messages: rows.map(({ position, persons, purpose, ...message }) => message) };
}

/** Pulls of one channel take turns: who saw a key's second message only because its first was being handed out would get it too early. */
async function takeTurn(tx: Tx, channel: string): Promise<void> {
  const lock = () => tx.query('select 1 from messages_channel where channel = $1 for update', [channel]);
  if ((await lock()).length > 0) return;
  await tx.query('insert into messages_channel (channel) values ($1) on conflict do nothing', [channel]);
  await lock();
}

/** What was handed out often enough is dead, and what nobody took in its time has expired; their senders are told. */
async function giveUp(tx: Tx, ctx: MessagesContext, channel: string, now: Instant): Promise<void> {
  const dead = await tx.query<{ id: string; sender: string }>(
    `update messages_inbox set status = 'dead', lease = null, reason = 'MESSAGES_UNACKNOWLEDGED'
     where channel = $1 and status = 'leased' and leased_until <= $2 and deliveries >= $3 returning id, sender`,
    [channel, now, LIMITS.deliveries],
  );
  const expired = await tx.query<{ id: string; sender: string }>(
    `update messages_inbox set status = 'expired', lease = null, reason = 'MESSAGES_EXPIRED', content = null, persons = null, settled_at = $2
     where channel = $1 and status in ('ready', 'leased') and expires <= $2 and (status = 'ready' or leased_until <= $2)
     returning id, sender`,
    [channel, now],
  );
  await tellSenders(tx, ctx, channel, [
    ...dead.map((one) => ({ ...one, status: 'dead' as const, reason: { code: 'MESSAGES_UNACKNOWLEDGED' } })),
    ...expired.map((one) => ({ ...one, status: 'expired' as const, reason: { code: 'MESSAGES_EXPIRED' } })),
  ]);
}

/**
 * Leases the next messages: those that are free and not held up by an earlier one of their key, as many as fit. A message that failed
 * several times comes alone: everything from it on waits for the next pull.
 */
const HAND_OUT = `
  with free as materialized (
    select m.id, m.position, m.size, m.deliveries from messages_inbox m
    where m.channel = $1 and m.status in ('ready', 'leased')
      and (m.status = 'ready' or m.leased_until <= $2) and (m.not_before is null or m.not_before <= $2)
      and (m.ordering_key is null or not exists (
        select 1 from messages_inbox b
        where b.channel = m.channel and b.sender = m.sender and b.ordering_key = m.ordering_key and b.position < m.position
          and b.status in ('ready', 'leased', 'dead')
          and (b.status = 'dead' or (b.status = 'leased' and b.leased_until > $2) or b.not_before > $2)))
    order by m.position limit $3),
  counted as (
    select id, row_number() over (order by position) as place, sum(size) over (order by position) as bytes,
      max(deliveries) over (order by position) as troubled
    from free)
  update messages_inbox i set status = 'leased', lease = $4, leased_until = $5, not_before = null, deliveries = i.deliveries + 1
  from counted c
  where i.channel = $1 and i.id = c.id and (c.place = 1 or (c.bytes <= $6 and c.troubled < $7))
  returning i.id, i.position, i.sender, i.type, i.ordering_key as key, i.created, i.received_at as "receivedAt", i.expires,
    i.deliveries as delivery, i.content_type as "contentType", i.content,
    i.persons, i.purpose`;
