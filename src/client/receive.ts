import type { Incoming, Rejected, Settled } from './types.ts';

export interface ReceiveOptions<M = Incoming> {
  /** Ends it, after the message at hand. */
  signal?: AbortSignal;
  /** Most messages at once; default 50. */
  max?: number;
  /** Longer than the work on that many messages takes; default 60. */
  leaseSeconds?: number;
  /** Told of what `handle` threw. */
  onError?(error: unknown, message: M): void;
}

/** What comes in order, by key, and is acknowledged by its id. */
type Ordered = Pick<Incoming, 'id' | 'key' | 'sender'>;

interface PullAndSettle<M> {
  pull(
    from: string,
    options: { max: number; leaseSeconds: number; waitSeconds: number; signal?: AbortSignal },
  ): Promise<{ lease: string; messages: M[] }>;
  settle(from: string, lease: string, outcomes: { acknowledged: string[]; rejected: Rejected[] }): Promise<Settled>;
}

/** Pulls, handles and acknowledges until it is told to end. */
export async function receive<M extends Ordered>(
  { pull, settle }: PullAndSettle<M>,
  channel: string,
  handle: (message: M) => Promise<void>,
  { signal, max = 50, leaseSeconds = 60, onError }: ReceiveOptions<M> = {},
): Promise<void> {
  while (!signal?.aborted) {
    const options = { max, leaseSeconds, waitSeconds: 20, ...(signal !== undefined && { signal }) };
    const { lease, messages } = await pull(channel, options).catch((error: unknown) => {
      if (signal?.aborted) return { lease: '', messages: [] as M[] };
      throw error;
    });
    const acknowledged: string[] = [];
    const rejected: Rejected[] = [];
    // Those behind a failed one of their key wait for it.
    const stuck = new Set<string>();
    for (const message of messages) {
      const key = message.key === null ? undefined : `${message.sender} ${message.key}`;
      if (signal?.aborted || (key !== undefined && stuck.has(key))) continue;
      try {
        await handle(message);
        acknowledged.push(message.id);
      } catch (error) {
        rejected.push({ id: message.id });
        if (key !== undefined) stuck.add(key);
        onError?.(error, message);
      }
    }
    if (acknowledged.length + rejected.length > 0) await settle(channel, lease, { acknowledged, rejected });
  }
}
