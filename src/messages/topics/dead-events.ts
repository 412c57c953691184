import type { SystemId } from '../../access/index.ts';
import { Failure, type Instant } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { retryDead } from '../dead.ts';
import { channelOf } from '../names.ts';
import { getSubscription } from './subscriptions.ts';

/** An event of a subscription that came to nothing, and what waits behind it. */
interface DeadEvent {
  message: string;
  type: string;
  reason: string;
  deliveries: number;
  receivedAt: Instant;
  behind: number;
}

/** @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN */
export async function listDeadEvents(ctx: MessagesContext, system: SystemId, id: string): Promise<DeadEvent[]> {
  await getSubscription(ctx, system, id);
  return ctx.db.query<DeadEvent>(
    `select id as message, type, coalesce(reason, '') as reason, deliveries, received_at as "receivedAt",
       (select count(*)::int from messages_inbox b where b.channel = m.channel and b.sender = m.sender
         and b.ordering_key = m.ordering_key and b.position > m.position and b.status in ('ready', 'leased')) as behind
     from messages_inbox m where channel = $1 and status = 'dead' order by position limit 1000`,
    [channelOf(system, id)],
  );
}

/**
 * Lets a dead event of a subscription be handed out again, or brought to its webhook, with all its attempts.
 * @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN, MESSAGES_UNKNOWN where it is not dead
 */
export async function resendEvent(ctx: MessagesContext, system: SystemId, id: string, message: string): Promise<void> {
  const dead = await listDeadEvents(ctx, system, id);
  const isRetried =
    dead.some((one) => one.message === message) && (await ctx.db.transaction((tx) => retryDead(tx, ctx, message)));
  if (!isRetried)
    throw new Failure('MESSAGES_UNKNOWN', { message: message.slice(0, 64), system: channelOf(system, id) });
}
