import type { Db } from '../storage/index.ts';

/** Who of this process waits for messages, by database and channel. */
const waiting = new WeakMap<Db, Map<string, Set<() => void>>>();

/** Tells those who wait for a channel that there is something. Those of other processes look again by themselves. */
export function wakePullers(db: Db, channel: string): void {
  for (const wake of waiting.get(db)?.get(channel) ?? []) wake();
}

/** Waits until a channel gets something, at most so long. */
export async function waitForMessage(db: Db, channel: string, ms: number, signal?: AbortSignal): Promise<void> {
  const channels = waiting.get(db) ?? new Map<string, Set<() => void>>();
  waiting.set(db, channels);
  const all = channels.get(channel) ?? new Set();
  channels.set(channel, all);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      all.delete(done);
      if (all.size === 0) channels.delete(channel);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    all.add(done);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
}
