import type { Trust } from '../union/index.ts';

/** What goes on until it is stopped; `stop` waits for what is under way. */
interface Rounds {
  stop(): Promise<void>;
}

/**
 * Does something with every other state from time to time, each round a third longer or shorter. Every state has rounds of its own: one that
 * takes its time with each answer keeps nobody from turning to the others. A state that is admitted joins, one that is expelled leaves.
 * @param work must not throw; `isOver` says that it is to end soon
 * @param options.roundMs between two rounds of one state; `atOnce` without waiting before the first
 */
export function startRounds(
  trust: Pick<Trust, 'self' | 'states'>,
  work: (state: string, isOver: () => boolean) => Promise<void>,
  { roundMs, atOnce = false }: { roundMs: number; atOnce?: boolean },
): Rounds {
  let stopped = false;
  const peers = new Map<string, { next?: NodeJS.Timeout; working: Promise<void> }>();
  const others = (): string[] => trust.states().filter((state) => state !== trust.self);
  const again = (state: string, waitMs: number): void => {
    const one = peers.get(state) ?? { working: Promise.resolve() };
    peers.set(state, one);
    one.next = setTimeout(() => {
      one.working = work(state, () => stopped).finally(() => {
        if (stopped) return;
        if (others().includes(state)) again(state, roundMs * (0.67 + Math.random() * 0.66));
        else peers.delete(state);
      });
    }, waitMs);
    one.next.unref();
  };
  const begin = (waitMs: number): void => {
    for (const state of others()) if (!peers.has(state)) again(state, waitMs);
  };
  begin(atOnce ? 0 : roundMs * (0.67 + Math.random() * 0.66));
  const admitted = setInterval(() => begin(0), roundMs);
  admitted.unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(admitted);
      for (const { next } of peers.values()) clearTimeout(next);
      await Promise.all([...peers.values()].map(({ working }) => working));
    },
  };
}
