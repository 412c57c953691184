import { stateOfAgency } from '../access/index.ts';
import { send } from '../exchange/index.ts';
import type { Json, Tx } from '../storage/index.ts';
import { type MessagesContext, TYPES } from './context.ts';
import { outcomeLane } from './names.ts';
import type { Reason, SentStatus } from './sent.ts';
import { isSubscription } from './topics/subscriptions.ts';

/** What became of a message at its receiver. */
export interface Outcome {
  id: string;
  status: SentStatus;
  reason?: Reason;
}

/** Tells the node of a state what became of its systems' messages to a channel: one message of the exchange for all of them. */
export async function tellOutcomes(
  tx: Tx,
  ctx: MessagesContext,
  to: string,
  channel: string,
  outcomes: readonly Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const body = { at: ctx.clock.now(), outcomes: outcomes as unknown as Json };
  await send(tx, ctx, { to, type: TYPES.outcome, lane: outcomeLane(channel), body });
}

/** Tells the senders, each by its own node. */
export async function tellSenders(
  tx: Tx,
  ctx: MessagesContext,
  channel: string,
  outcomes: readonly (Outcome & { sender: string })[],
): Promise<void> {
  // Who publishes an event is not told who has worked on it.
  if (isSubscription(channel)) return;
  const states = [...new Set(outcomes.map(({ sender }) => stateOfAgency(sender)))].sort();
  for (const state of states) {
    const own = outcomes.filter(({ sender }) => stateOfAgency(sender) === state);
    await tellOutcomes(
      tx,
      ctx,
      state,
      channel,
      own.map(({ sender, ...outcome }) => outcome),
    );
  }
}
