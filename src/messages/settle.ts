import { addMilliseconds, type Instant, type Tx } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import { LIMITS } from './limits.ts';
import { tellSenders } from './outcomes.ts';

/** A message that its receiver could not work on. */
export interface Rejection {
  id: string;
  /** For the sender and the operators: a word or a code, no personal data. */
  reason?: string | undefined;
  /** Handed out again after so long; default: a second, doubled each time, up to ten minutes, with jitter. */
  retryAfterSeconds?: number | undefined;
  /** Never again: it is dead at once. */
  final?: boolean | undefined;
}

/** What was done with each message that was named. */
export interface Settled {
  acknowledged: string[];
  rejected: string[];
  /** Not with this lease any more: they will be, or were, handed out again. */
  lost: string[];
  /** An earlier message of the same key is still open; these stay leased. */
  early: string[];
}

/**
 * Says what became of messages of a lease: acknowledged ones are done, rejected ones come again after a pause, or are dead. Acknowledging
 * twice is no error. Within a key a message cannot be acknowledged before those ahead of it.
 * @example await settleMessages(ctx, channel, lease.id, { acknowledged: lease.messages.map(({ id }) => id) })
 */
export async function settleMessages(
  ctx: MessagesContext,
  channel: string,
  lease: string,
  { acknowledged = [], rejected = [] }: { acknowledged?: readonly string[]; rejected?: readonly Rejection[] },
): Promise<Settled> {
  return ctx.db.transaction(async (tx) => {
    const now = ctx.clock.now();
    const done = await acknowledge(tx, channel, lease, acknowledged, now);
    const outcomes = done.map(({ id, sender }) => ({ id, sender, status: 'acknowledged' as const }));
    const taken: string[] = [];
    const dead: { id: string; sender: string; reason: { code: string; detail: string } }[] = [];
    for (const rejection of rejected) {
      const row = await reject(tx, channel, lease, rejection, now);
      if (row === undefined) continue;
      taken.push(row.id);
      const detail = (rejection.reason ?? '').slice(0, 200);
      if (row.status === 'dead')
        dead.push({ id: row.id, sender: row.sender, reason: { code: 'MESSAGES_REJECTED', detail } });
    }
    await tellSenders(tx, ctx, channel, [...outcomes, ...dead.map((one) => ({ ...one, status: 'dead' as const }))]);
    const named = [...acknowledged, ...rejected.map(({ id }) => id)];
    const open = named.filter((id) => !taken.includes(id) && !done.some((one) => one.id === id));
    return { rejected: taken, ...(await explain(tx, channel, lease, open, done)) };
  });
}

interface Row {
  id: string;
  sender: string;
}

function acknowledge(tx: Tx, channel: string, lease: string, ids: readonly string[], now: Instant): Promise<Row[]> {
  return tx.query<Row>(
    `update messages_inbox m set status = 'acknowledged', settled_at = $4, content = null, persons = null, lease = null, leased_until = null
     where m.channel = $1 and m.lease = $2 and m.id = any($3::uuid[]) and m.status = 'leased'
       and (m.ordering_key is null or not exists (
         select 1 from messages_inbox b
         where b.channel = m.channel and b.sender = m.sender and b.ordering_key = m.ordering_key and b.position < m.position
           and b.status in ('ready', 'leased', 'dead') and not (b.lease = m.lease and b.id = any($3::uuid[]))))
     returning m.id, m.sender`,
    [channel, lease, ids, now],
  );
}

async function reject(
  tx: Tx,
  channel: string,
  lease: string,
  { id, reason, retryAfterSeconds, final }: Rejection,
  now: Instant,
): Promise<(Row & { status: string }) | undefined> {
  const [row] = await tx.query<Row & { deliveries: number; key: string | null; position: number }>(
    `select id, sender, deliveries, ordering_key as key, position from messages_inbox
     where channel = $1 and id = $2 and lease = $3 and status = 'leased' for update`,
    [channel, id, lease],
  );
  if (row === undefined) return undefined;
  const status = final === true || row.deliveries >= LIMITS.deliveries ? 'dead' : 'ready';
  const pauseMs = retryAfterSeconds === undefined ? backOff(row.deliveries) : retryAfterSeconds * 1000;
  await tx.query(
    `update messages_inbox set status = $3, lease = null, leased_until = null, not_before = $4, reason = $5 where channel = $1 and id = $2`,
    [
      channel,
      id,
      status,
      status === 'dead' ? null : addMilliseconds(now, Math.round(pauseMs)),
      (reason ?? '').slice(0, 200),
    ],
  );
  // Those behind it in its key cannot go on without it: they are free again, and this did not count for them.
  if (row.key !== null) {
    await tx.query(
      `update messages_inbox set status = 'ready', lease = null, leased_until = null, deliveries = deliveries - 1
       where channel = $1 and sender = $2 and ordering_key = $3 and position > $4 and lease = $5 and status = 'leased'`,
      [channel, row.sender, row.key, row.position, lease],
    );
  }
  return { id: row.id, sender: row.sender, status };
}

/** A second, doubled each time, up to ten minutes, each a third up or down. */
function backOff(deliveries: number): number {
  const { first, most } = LIMITS.backOffMs;
  return Math.min(first * 2 ** (deliveries - 1), most) * (0.67 + Math.random() * 0.66);
}

/** What holds for the named messages that nothing was done with now. */
async function explain(
  tx: Tx,
  channel: string,
  lease: string,
  ids: readonly string[],
  done: readonly Row[],
): Promise<Omit<Settled, 'rejected'>> {
  const rows =
    ids.length === 0
      ? []
      : await tx.query<{ id: string; status: string; lease: string | null }>(
          'select id, status, lease from messages_inbox where channel = $1 and id = any($2::uuid[])',
          [channel, ids],
        );
  const find = (id: string) => rows.find((row) => row.id === id);
  const before = ids.filter((id) => find(id)?.status === 'acknowledged');
  const early = ids.filter((id) => find(id)?.status === 'leased' && find(id)?.lease === lease);
  return {
    acknowledged: [...done.map(({ id }) => id), ...before],
    early,
    lost: ids.filter((id) => !before.includes(id) && !early.includes(id)),
  };
}
