import { type ServiceId, type SystemId, serviceName, stateOfAgency, systemName } from '../../access/index.ts';
import { canonicalJson, isId, randomId, sha256 } from '../../crypto/index.ts';
import { type MessageHandler, send } from '../../exchange/index.ts';
import {
  addMilliseconds,
  Failure,
  type Instant,
  type Json,
  json,
  type Queryable,
  type Tx,
} from '../../storage/index.ts';
import { type MessagesContext, TYPES } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { channelOf, demandKey, demandReceiverState } from '../names.ts';
import type { Reason } from '../sent.ts';
import { addWebhook, demandWebhook, type NewWebhook, type WebhookState, wantTurn } from '../webhooks/rows.ts';
import type { Subscribe } from './words.ts';

/** waiting: for the node of the topic. refused, stopped, ended and expired are for good. */
export type SubscriptionStatus = 'waiting' | 'active' | 'refused' | 'stopped' | 'ended' | 'expired';

/** A subscription as the system that made it sees it. */
export interface Subscription {
  id: string;
  topic: string;
  /** Prefixes of type and subject; empty: all. */
  types: string;
  subject: string;
  starts: 'now' | 'earliest';
  expires: Instant;
  status: SubscriptionStatus;
  reason: Reason | null;
  /** Where its events go; null: they are pulled. */
  webhook: WebhookState | null;
  madeAt: Instant;
  changedAt: Instant;
}

export interface NewSubscription {
  topic: ServiceId;
  types?: string | undefined;
  subject?: string | undefined;
  /** Default: what is published from now on. */
  starts?: Subscription['starts'] | undefined;
  expiresInSeconds?: number | undefined;
  /** Where its events are to be brought; left out: they are pulled. */
  webhook?: NewWebhook | undefined;
  /** Asking again with the same key gives the same subscription. */
  idempotencyKey: string;
}

const WEBHOOK = `(select jsonb_build_object('url', url, 'provenAt', to_char(proven_at at time zone 'UTC', $$YYYY-MM-DD"T"HH24:MI:SS.MS"Z"$$),
    'failure', failure, 'triedAt', to_char(tried_at at time zone 'UTC', $$YYYY-MM-DD"T"HH24:MI:SS.MS"Z"$$))
  from messages_webhook w where w.id = messages_subscription.id) as webhook`;
const COLUMNS = `id, topic, types, subject, starts, expires, status, reason, made_at as "madeAt", changed_at as "changedAt", ${WEBHOOK}`;

/**
 * Subscribes a system to a topic of any state. Whether it may is for the grants of the topic's owner: its status tells.
 * @throws Failure MESSAGES_RECEIVER_UNKNOWN, MESSAGES_SUBSCRIPTION, MESSAGES_KEY, MESSAGES_KEY_REUSED, MESSAGES_WEBHOOK
 * @example await subscribe(ctx, { agency: 'by.pension-fund', system: 'registry' }, { topic, types: 'person.', idempotencyKey: 'moves' })
 */
export async function subscribe(
  ctx: MessagesContext,
  system: SystemId,
  input: NewSubscription,
): Promise<{ subscription: Subscription; isNew: boolean }> {
  const state = demandReceiverState(ctx, input.topic);
  const key = demandKey('idempotency key', input.idempotencyKey, 100);
  const seconds = input.expiresInSeconds ?? LIMITS.subscriptionSeconds.usual;
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > LIMITS.subscriptionSeconds.most)
    throw new Failure('MESSAGES_SUBSCRIPTION', { most: LIMITS.subscriptionSeconds.most });
  const { types = '', subject = '', starts = 'now', webhook } = input;
  if (webhook !== undefined) demandWebhook(webhook);
  const asked = { topic: serviceName(input.topic), types, subject, starts };
  const digest = sha256(canonicalJson({ ...asked, seconds, ...(webhook && { webhook: { ...webhook } as Json }) }));
  const name = systemName(system);
  return ctx.db.transaction(async (tx) => {
    const now = ctx.clock.now();
    const id = randomId();
    const expires = addMilliseconds(now, seconds * 1000);
    const made = await tx.query(
      `insert into messages_subscription (system, id, idempotency_key, request_digest, topic, types, subject, starts, expires, status, made_at,
         changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $10) on conflict (system, idempotency_key) do nothing returning 1`,
      [name, id, key, digest, asked.topic, types, subject, starts, expires, now],
    );
    const isNew = made.length > 0;
    if (isNew) {
      if (webhook !== undefined) await addWebhook(tx, { id, system, webhook });
      const body: Subscribe = { id, subscriber: name, ...asked, expires };
      await send(tx, ctx, { to: state, type: TYPES.subscribe, lane: `subscription/${id}`, body, expires });
    }
    const [found] = await tx.query<Subscription & { digest: Buffer }>(
      `select ${COLUMNS}, request_digest as digest from messages_subscription where system = $1 and idempotency_key = $2`,
      [name, key],
    );
    if (!found?.digest.equals(digest)) throw new Failure('MESSAGES_KEY_REUSED');
    const { digest: _, ...subscription } = found;
    return { subscription: asOf(subscription, now), isNew };
  });
}

/** One whose time is over has expired, whether its topic's node has said so or not. */
function asOf(subscription: Subscription, now: Instant): Subscription {
  const isOpen = subscription.status === 'waiting' || subscription.status === 'active';
  return isOpen && subscription.expires <= now ? { ...subscription, status: 'expired' } : subscription;
}

/** The subscriptions of a system, the newest first. */
export async function listSubscriptions(ctx: MessagesContext, system: SystemId): Promise<Subscription[]> {
  const rows = await ctx.db.query<Subscription>(
    `select ${COLUMNS} from messages_subscription where system = $1 order by made_at desc, id desc limit 1000`,
    [systemName(system)],
  );
  return rows.map((row) => asOf(row, ctx.clock.now()));
}

/** Those of all systems of this state, for its operator, with how much waits in each. */
export async function listAllSubscriptions(
  db: Queryable,
): Promise<(Subscription & { system: string; ready: number; dead: number })[]> {
  return db.query(
    `select system, ${COLUMNS}, (select count(*)::int from messages_inbox i where i.channel = system || '/' || messages_subscription.id and i.status in ('ready', 'leased')) as ready,
       (select count(*)::int from messages_inbox i where i.channel = system || '/' || messages_subscription.id and i.status = 'dead') as dead
     from messages_subscription order by system, made_at, id limit 10000`,
  );
}

/** @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN, for another system's as well */
export async function getSubscription(ctx: MessagesContext, system: SystemId, id: string): Promise<Subscription> {
  const [row] = await ctx.db.query<Subscription>(
    `select ${COLUMNS} from messages_subscription where system = $1 and id::text = $2`,
    [systemName(system), id],
  );
  if (row === undefined)
    throw new Failure('MESSAGES_SUBSCRIPTION_UNKNOWN', { subscription: id.slice(0, 64), system: systemName(system) });
  return asOf(row, ctx.clock.now());
}

/**
 * That events of a subscription may still be handed out, and the channel in which they are.
 * @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN, MESSAGES_SUBSCRIPTION_OVER, MESSAGES_PUSHED where a webhook gets them
 */
export async function demandSubscribed(ctx: MessagesContext, system: SystemId, id: string): Promise<string> {
  const { status, webhook } = await getSubscription(ctx, system, id);
  // Its topic's node may be away: nothing is kept until it says so.
  if (status === 'expired')
    await ctx.db.transaction((tx) => closeSubscription(tx, ctx, id, { status, reason: { code: 'MESSAGES_EXPIRED' } }));
  if (status !== 'active' && status !== 'waiting')
    throw new Failure('MESSAGES_SUBSCRIPTION_OVER', { subscription: id, status });
  if (webhook !== null) throw new Failure('MESSAGES_PUSHED', { subscription: id });
  return channelOf(system, id);
}

/** Ends a subscription: what is not handed out is dropped. Doing it again is no error. */
export async function unsubscribe(ctx: MessagesContext, system: SystemId, id: string): Promise<Subscription> {
  const { topic } = await getSubscription(ctx, system, id);
  await ctx.db.transaction(async (tx) => {
    if (await closeSubscription(tx, ctx, id, { status: 'ended', reason: null }))
      await tellTopic(tx, ctx, { id, topic });
  });
  return getSubscription(ctx, system, id);
}

/** Tells the node of a topic that a subscription is none any more. */
export async function tellTopic(
  tx: Tx,
  ctx: MessagesContext,
  { id, topic }: { id: string; topic: string },
): Promise<void> {
  const to = stateOfAgency(topic);
  await send(tx, ctx, { to, type: TYPES.unsubscribe, lane: `subscription/${id}`, body: { id, topic } });
}

type Message = Parameters<MessageHandler>[1];
const TOLD: readonly SubscriptionStatus[] = ['active', 'refused', 'stopped', 'expired'];

/** What became of a subscription, as the node of its topic tells. */
export async function subscriptionArrived(tx: Tx, ctx: MessagesContext, { head, body }: Message): Promise<void> {
  const { id, status, reason } = (body ?? {}) as { id?: Json; status?: SubscriptionStatus; reason?: Reason };
  if (typeof id !== 'string' || status === undefined || !TOLD.includes(status)) throw new Failure('MESSAGES_MALFORMED');
  const [row] = await tx.query<{ topic: string }>('select topic from messages_subscription where id::text = $1', [id]);
  if (row === undefined || stateOfAgency(row.topic) !== head.from) return;
  if (status !== 'active') return void (await closeSubscription(tx, ctx, id, { status, reason: reason ?? null }));
  await tx.query(
    `update messages_subscription set status = 'active', changed_at = $2 where id = $1 and status = 'waiting'`,
    [id, ctx.clock.now()],
  );
  await wantTurn(tx, id, 'active');
}

/** Ends it for good: nothing of what waits is handed out any more. @returns false where it had ended before */
export async function closeSubscription(
  tx: Tx,
  ctx: MessagesContext,
  id: string,
  { status, reason }: { status: SubscriptionStatus; reason: Reason | null },
): Promise<boolean> {
  const now = ctx.clock.now();
  const [row] = await tx.query<{ system: string }>(
    `update messages_subscription set status = $2, reason = $3::jsonb, changed_at = $4
     where id = $1 and status in ('waiting', 'active') returning system`,
    [id, status, reason === null ? null : json(reason), now],
  );
  if (row === undefined) return false;
  await tx.query(
    `update messages_inbox set status = 'dropped', lease = null, leased_until = null, content = null, persons = null, settled_at = $2,
       reason = 'MESSAGES_NOT_SUBSCRIBED'
     where channel = $1 and status in ('ready', 'leased', 'dead')`,
    [`${row.system}/${id}`, now],
  );
  return true;
}

/** A channel of a subscription, told by its name: no other is named by an id. */
export const isSubscription = (channel: string): boolean => isId(channel.slice(channel.lastIndexOf('/') + 1));

/** A refusal for lack of a grant that came back with a subscription of a system, by the id of the refusal. */
export async function findSubscriptionRefusal(
  db: Queryable,
  system: SystemId,
  denial: string,
): Promise<{ topic: string; changedAt: Instant; reason: Reason } | undefined> {
  const [row] = await db.query<{ topic: string; changedAt: Instant; reason: Reason }>(
    `select topic, changed_at as "changedAt", reason from messages_subscription where system = $1 and reason->>'denial' = $2`,
    [systemName(system), denial],
  );
  return row;
}
