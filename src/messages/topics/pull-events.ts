import type { SystemId } from '../../access/index.ts';
import type { CloudEvent } from '../../client/index.ts';
import type { MessagesContext } from '../context.ts';
import { type HandedOut, type PullOptions, pullMessages } from '../pull.ts';
import { type Rejection, type Settled, settleMessages } from '../settle.ts';
import { demandSubscribed } from './subscriptions.ts';

/** An event as its subscriber gets it. */
export interface HandedEvent {
  /** Of this delivery to this subscription, for acknowledging. The event itself is named by its `source` and `id`. */
  message: string;
  delivery: number;
  receivedAt: string;
  expires: string;
  event: CloudEvent;
}

/**
 * Hands out the next events of a subscription under a lease, as `pullMessages` does those of a channel.
 * @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN, MESSAGES_SUBSCRIPTION_OVER, MESSAGES_LEASE
 */
export async function pullEvents(
  ctx: MessagesContext,
  system: SystemId,
  subscription: string,
  options: PullOptions,
): Promise<{ lease: string; until: string; events: HandedEvent[] }> {
  const channel = await demandSubscribed(ctx, system, subscription);
  const { id, until, messages } = await pullMessages(ctx, channel, options);
  return { lease: id, until, events: messages.map(eventOf) };
}

/** Says what became of events of a lease: `settleMessages`. @throws Failure MESSAGES_SUBSCRIPTION_UNKNOWN, MESSAGES_SUBSCRIPTION_OVER */
export async function settleEvents(
  ctx: MessagesContext,
  system: SystemId,
  subscription: string,
  lease: string,
  outcomes: { acknowledged?: readonly string[]; rejected?: readonly Rejection[] },
): Promise<Settled> {
  return settleMessages(ctx, await demandSubscribed(ctx, system, subscription), lease, outcomes);
}

export function eventOf({ id, delivery, receivedAt, expires, content }: HandedOut): HandedEvent {
  return { message: id, delivery, receivedAt, expires, event: JSON.parse(content.toString('utf8')) as CloudEvent };
}
