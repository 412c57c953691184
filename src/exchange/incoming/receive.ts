import type { ExchangeContext } from '../context.ts';
import { makeAnswers } from '../protocol/answers.ts';
import { checkBatch } from '../protocol/batch.ts';
import { takeBatch } from './take.ts';

/**
 * Receives a batch's bytes from a peer: checks it whole, makes it durable, and only then signs what it says about each message. The
 * same for what comes over the wire and for what a node sends to itself.
 * @param peer the state at the other end, as the connection proved it
 * @returns the bytes of the signed answer
 * @throws Failure EXCHANGE_* about the whole batch: nothing of it was taken
 */
export async function receiveBatch(ctx: ExchangeContext, peer: string, frame: Buffer): Promise<Buffer> {
  const { trust, keys, clock } = ctx;
  const batch = await checkBatch(frame, {
    trust,
    peer,
    now: clock.now(),
    isCharterFork: async (sender, charter) => (await trust.compareCharter(sender, charter)) === 'fork',
  });
  const answers = await takeBatch(ctx, batch);
  return makeAnswers({ trust, key: keys.messages, now: clock.now() }, batch, answers);
}
