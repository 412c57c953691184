import type { Client } from './client.ts';
import type { Incoming, Rejected } from './types.ts';

export interface ReceiveOptions {
  /** Ends it, after the message at hand. */
  signal?: AbortSignal;
  /** Most messages at once; default 50. */
  max?: number;
  /** Longer than the work on that many messages takes; default 60. */
  leaseSeconds?: number;
  /** Told of what `handle` threw. */
  onError?(error: unknown, message: Incoming): void;
}

/** Pulls, handles and acknowledges until it is told to end. */
export async function receive(
  { pull, settle }: Pick<Client, 'pull' | 'settle'>,
  channel: string,
  handle: (message: Incoming) => Promise<void>,
  { signal, max = 50, leaseSeconds = 60, onError }: ReceiveOptions = {},
): Promise<void> {
  while (!signal?.aborted) {
    const options = { max, leaseSeconds, waitSeconds: 20, ...(signal !== undefined && { signal }) };
    const { lease, messages } = await pull(channel, options).catch((error: unknown) => {
      if (signal?.aborted) return { lease: '', messages: [] as Incoming[] };
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
