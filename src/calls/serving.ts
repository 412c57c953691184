import type { Readable } from 'node:stream';
import { isFailure } from '../storage/index.ts';
import { gathered } from './bodies.ts';
import type { Body, Serve } from './context.ts';
import { LIMITS } from './limits.ts';
import type { Outgoing } from './outgoing.ts';
import { type Entry, malformed } from './protocol/entries.ts';
import type { Streams } from './streams.ts';
import { sendStreamed, toldEntry } from './told.ts';

/** The calls that are served on one connection. */
export interface Serving {
  /** Takes a request. @returns what it does once it is durable. @throws Failure CALLS_MALFORMED */
  request(entry: Entry, leaf: Buffer): () => void;
  /** Whoever asked is gone. */
  cancel(id: string): void;
  /** A request that did not become durable will not be served. */
  drop(id: string): void;
  isEmpty(): boolean;
  close(): void;
}

/**
 * @param serve what a call does here
 * @param arriving told of a call before it is durable
 * @param isFull told whether more calls than may be are under way
 * @param failed told of an answer that could not be given: whoever asked must learn that the outcome is not known
 */
export function openServing(around: {
  peer: string;
  serve: Serve;
  arriving(): void;
  outgoing: Outgoing;
  streams: Streams;
  isFull(full: boolean): void;
  failed(error: unknown): void;
  settled(): void;
}): Serving {
  const { peer, serve, arriving, outgoing, streams, isFull, failed, settled } = around;
  const served = new Map<string, AbortController>();
  const end = (id: string): void => {
    served.delete(id);
    if (served.size < LIMITS.serving / 2) isFull(false);
    settled();
  };
  const answer = async (entry: Entry, link: Buffer, body: Body, around: { signal: AbortSignal; since: number }) => {
    const { id, alone } = entry;
    const { signal, since } = around;
    const mode = alone ? ('message' as const) : ('batch' as const);
    try {
      if (signal.aborted) return;
      const given = await serve({ id, from: peer, mode, head: entry.headBytes as Buffer, body, signal, since });
      const content = await gathered(given.body).catch(() => 'broken' as const);
      const told = content === null || content instanceof Buffer ? content : streams.next();
      const { leaf } = await outgoing.leave(toldEntry('answer', { id, link, head: given.head, content: told, alone }));
      if (content === 'broken') streams.broken(told as number);
      else if (typeof told === 'number')
        await sendStreamed({ streams, outgoing }, told, content as Readable, { id, leaf, alone }).done;
    } catch (error) {
      if (!isFailure(error, 'CALLS_BODY_BROKEN')) failed(error);
    } finally {
      end(id);
    }
  };
  return {
    request(entry, leaf) {
      const { id } = entry;
      if (served.has(id)) throw malformed('request', 'its id is taken');
      const abort = new AbortController();
      served.set(id, abort);
      const body = streams.receive(entry, leaf);
      if (served.size > LIMITS.serving) isFull(true);
      const around = { signal: abort.signal, since: performance.now() };
      arriving();
      return () => void answer(entry, leaf, body, around);
    },
    cancel: (id) => served.get(id)?.abort(),
    drop: end,
    isEmpty: () => served.size === 0,
    close() {
      for (const abort of served.values()) abort.abort();
    },
  };
}
