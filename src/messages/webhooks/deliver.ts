import { parseSystemName } from '../../access/index.ts';
import { randomId } from '../../crypto/index.ts';
import { type BoundRequest, contentDigest, signWebhook } from '../../exchange/index.ts';
import { addMilliseconds, type Instant, type JobHandler, type Queryable, type Tx } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { channelOf } from '../names.ts';
import { type HandedOut, pullMessages } from '../pull.ts';
import { type Rejection, settleMessages } from '../settle.ts';
import { closeSubscription, tellTopic } from '../topics/subscriptions.ts';
import { networksOf } from './addresses.ts';
import { openWebhook, type WebhookClient, WebhookError } from './ask.ts';
import { handshake } from './handshake.ts';
import { listNetworks } from './networks.ts';
import { findWebhook, WEBHOOK, type Webhook, wantTurn } from './rows.ts';

const EVENT_TYPE = 'application/cloudevents+json';
/** Longer than all tries of a turn together. */
const LEASE_SECONDS = Math.ceil((LIMITS.webhook.turn * LIMITS.webhook.timeoutMs) / 1000) + 60;

/** What a turn comes to beside the events. */
interface Turn {
  /** Undefined where nothing was tried. */
  failure?: string | null;
  /** Of the handshake. */
  proven?: { rate: number | null };
  isGone?: boolean;
  pacedUntil?: Instant;
  /** Not before then. */
  next?: Instant | undefined;
}

/**
 * Brings the events of a subscription to its webhook, after the target has said that it wants them: the node pulls them for the system, in
 * their order, and acknowledges what is answered with 2xx. Anything else comes again after a pause that grows, and is dead after ten times.
 */
export function webhookJob(ctx: MessagesContext): JobHandler {
  return {
    queue: WEBHOOK,
    concurrency: 8,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run(jobs) {
      const [{ id }] = jobs.map(({ payload }) => payload) as [{ id: string }];
      const webhook = await findWebhook(ctx.db, id);
      if (webhook === undefined) return;
      const { pacedUntil } = webhook;
      if (pacedUntil !== null && pacedUntil > ctx.clock.now())
        return (tx) => wantTurn(tx, id, `paced/${pacedUntil}`, pacedUntil);
      const client = openWebhook(webhook, networksOf(await listNetworks(ctx.db)));
      try {
        const turn = webhook.provenAt === null ? await prove(ctx, webhook, client) : await bring(ctx, webhook, client);
        return (tx) => settleTurn(tx, ctx, webhook, turn);
      } finally {
        client.close();
      }
    },
  };
}

async function prove(ctx: MessagesContext, { attempts }: Webhook, client: WebhookClient): Promise<Turn> {
  const { endpoints } = ctx.trust.manifest(ctx.trust.self);
  const answer = await handshake(client, new URL(endpoints.portal).hostname).catch((error: unknown) => ({
    refused: wordOf(error),
  }));
  const now = ctx.clock.now();
  if (!('refused' in answer)) return { failure: null, proven: answer, next: now };
  return { failure: answer.refused, next: addMilliseconds(now, pauseSeconds(attempts + 1) * 1000) };
}

async function bring(ctx: MessagesContext, webhook: Webhook, client: WebhookClient): Promise<Turn> {
  const channel = channelOf(parseSystemName(webhook.system), webhook.id);
  const { rate } = webhook;
  const max = Math.min(LIMITS.webhook.turn, rate ?? LIMITS.webhook.turn);
  const lease = await pullMessages(ctx, channel, { max, leaseSeconds: LEASE_SECONDS });
  const acknowledged: string[] = [];
  const rejected: Rejection[] = [];
  const stuck = new Set<string>();
  const turn: Turn = lease.messages.length === 0 ? {} : { failure: null };
  for (const message of lease.messages) {
    // Those behind a failed one of their key are let go with it.
    const key = message.key === null ? undefined : `${message.sender} ${message.key}`;
    if (key !== undefined && stuck.has(key)) continue;
    const answer = await post(ctx, webhook, client, message).catch((error: unknown) => ({
      failed: wordOf(error),
      retryAfter: undefined,
    }));
    if (answer === undefined) {
      acknowledged.push(message.id);
      continue;
    }
    turn.failure = answer.failed;
    const retryAfterSeconds = Math.max(pauseSeconds(message.delivery), answer.retryAfter ?? 0);
    rejected.push({ id: message.id, reason: answer.failed, retryAfterSeconds });
    if (key !== undefined) stuck.add(key);
    turn.isGone = answer.failed === 'HTTP_410';
    if (turn.isGone) break;
  }
  if (acknowledged.length + rejected.length > 0)
    await settleMessages(ctx, channel, lease.id, { acknowledged, rejected });
  const due = await nextDue(ctx.db, channel);
  if (rate === null || lease.messages.length === 0) return { ...turn, next: due };
  const pacedUntil = addMilliseconds(ctx.clock.now(), Math.ceil((lease.messages.length * 60_000) / rate));
  return { ...turn, pacedUntil, next: due };
}

/** @returns undefined where it took the event, else why not */
async function post(
  ctx: MessagesContext,
  { url }: Webhook,
  client: WebhookClient,
  { content }: HandedOut,
): Promise<{ failed: string; retryAfter: number | undefined } | undefined> {
  const { host, pathname } = new URL(url);
  const headers: Record<string, string> = { 'content-type': EVENT_TYPE, 'content-digest': contentDigest(content) };
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }));
  const bound: BoundRequest = { method: 'POST', authority: host, path: pathname, fields };
  Object.assign(headers, signWebhook(bound, ctx.keys.messages, ctx.clock.now(), randomId()));
  const { status, headers: answered } = await client.ask({ method: 'POST', headers, body: content });
  if (status >= 200 && status < 300) return undefined;
  const seconds = Number(answered['retry-after']);
  const retryAfter = Number.isSafeInteger(seconds) ? Math.min(Math.max(seconds, 0), 86_400) : undefined;
  return { failed: status >= 300 && status < 400 ? 'REDIRECT' : `HTTP_${status}`, retryAfter };
}

async function settleTurn(tx: Tx, ctx: MessagesContext, { id, system }: Webhook, turn: Turn): Promise<void> {
  const now = ctx.clock.now();
  const { failure, proven, isGone, pacedUntil, next } = turn;
  await tx.query(
    `update messages_webhook set failure = case when $7 then $2 else failure end, tried_at = case when $7 then $3 else tried_at end, attempts = attempts + 1, proven_at = coalesce(proven_at, $4),
       rate = case when $4::timestamptz is null then rate else $5 end, paced_until = $6 where id = $1`,
    [
      id,
      failure ?? null,
      now,
      proven === undefined ? null : now,
      proven?.rate ?? null,
      pacedUntil ?? null,
      failure !== undefined,
    ],
  );
  if (isGone) {
    const [row] = await tx.query<{ topic: string }>(
      'select topic from messages_subscription where system = $1 and id = $2',
      [system, id],
    );
    const over = { status: 'ended', reason: { code: 'MESSAGES_WEBHOOK_GONE' } } as const;
    if ((await closeSubscription(tx, ctx, id, over)) && row !== undefined)
      await tellTopic(tx, ctx, { id, topic: row.topic });
  } else if (next !== undefined) await wantTurn(tx, id, randomId(), next);
}

/** When something of a channel may go next; undefined where nothing waits. */
async function nextDue(db: Queryable, channel: string): Promise<Instant | undefined> {
  const [row] = await db.query<{ due: Instant | null }>(
    `select min(case when status = 'leased' then leased_until else coalesce(not_before, received_at) end) as due
     from messages_inbox m where channel = $1 and status in ('ready', 'leased')
       and (ordering_key is null or not exists (
         select 1 from messages_inbox b where b.channel = m.channel and b.sender = m.sender and b.ordering_key = m.ordering_key
           and b.position < m.position and b.status in ('ready', 'leased', 'dead')))`,
    [channel],
  );
  return row?.due ?? undefined;
}

/** Five seconds, three times as long each time, up to six hours, each a third up or down. */
function pauseSeconds(attempt: number): number {
  const { first, times, most } = LIMITS.webhook.backOffSeconds;
  return Math.min(first * times ** (attempt - 1), most) * (0.67 + Math.random() * 0.66);
}

const wordOf = (error: unknown): string => {
  if (error instanceof WebhookError) return error.word;
  throw error;
};
