import { Readable } from 'node:stream';
import { randomId } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { gathered, type OutgoingBody } from './bodies.ts';
import type { Body, CallAnswer, OutgoingCall } from './context.ts';
import type { Outgoing } from './outgoing.ts';
import { type Entry, malformed } from './protocol/entries.ts';
import type { Streams } from './streams.ts';
import { bareEntry, sendStreamed, toldEntry } from './told.ts';

/** The calls that wait for an answer on one connection. */
export interface Asking {
  call(call: OutgoingCall): Promise<CallAnswer>;
  /** Checks an answer against what was asked. @returns what it does once it is durable. @throws Failure CALLS_MALFORMED */
  answer(entry: Entry, leaf: Buffer): () => void;
  /** The other end has taken nothing of a batch. */
  refused(batch: string, code: string): void;
  isEmpty(): boolean;
  /** The connection ended. @param unreachable for the calls that were not on it yet */
  close(unreachable: Failure): void;
}

/** Without any progress for so long a call is given up. */
const PATIENCE_MS = 60_000;

interface Asked {
  /** Once it is durable and on the connection. */
  leaf?: Buffer;
  batch?: string;
  /** When something last happened to it. */
  touched: number;
  upload?: OutgoingBody;
  answered(answer: { head: Buffer; body: Body }): void;
  failed(error: unknown): void;
}

/** @param cancel tells the other end that nobody waits any more */
export function openAsking(around: {
  peer: string;
  outgoing: Outgoing;
  streams: Streams;
  cancel(id: string): void;
  settled(): void;
}): Asking {
  const { peer, outgoing, streams, cancel, settled } = around;
  const asked = new Map<string, Asked>();
  const giveUp = (id: string, call: Asked): void => {
    if (!asked.delete(id)) return;
    call.upload?.stop('the call was given up');
    if (call.leaf !== undefined) cancel(id);
    call.failed(new Failure('CALLS_OUTCOME_UNKNOWN', { peer }));
    settled();
  };
  const sweep = setInterval(() => {
    const limit = performance.now() - PATIENCE_MS;
    for (const [id, call] of asked) if (call.touched < limit) giveUp(id, call);
  }, 1_000);
  sweep.unref();

  /** It left, but while it waited for the disk it was given up. */
  const abandon = (id: string, stream: Entry['content'], source: Buffer | Readable | null): void => {
    cancel(id);
    if (typeof stream !== 'number') return;
    streams.broken(stream);
    (source as Readable).destroy();
  };

  const ask = async (id: string, call: Asked, entry: Omit<Entry, 'salt'>, content: Buffer | Readable | null) => {
    try {
      const { leaf, batch } = await outgoing.leave(entry);
      // Before anything more is read from the connection, so before any answer.
      call.leaf = leaf;
      call.batch = batch;
      if (!asked.has(id)) return abandon(id, entry.content, content);
      if (typeof entry.content !== 'number') return;
      const progress = () => touch(call);
      const owner = { id, leaf, alone: entry.alone, progress };
      const { body, done } = sendStreamed({ streams, outgoing }, entry.content, content as Readable, owner);
      call.upload = body;
      // A question that breaks off has no answer.
      done.catch(() => giveUp(id, call));
    } catch (error) {
      if (asked.delete(id)) call.failed(error);
      settled();
    }
  };
  return {
    async call({ mode, head, body, signal }) {
      const id = randomId();
      const content = await gathered(body);
      if (signal?.aborted === true) {
        if (content instanceof Readable) content.destroy();
        throw new Failure('CALLS_GIVEN_UP', { peer });
      }
      const told = content === null || content instanceof Buffer ? content : streams.next();
      const entry = toldEntry('request', { id, link: null, head, content: told, alone: mode === 'message' });
      return new Promise((resolve, reject) => {
        const answered: Asked['answered'] = (answer) => resolve({ id, ...answer });
        const call: Asked = { touched: performance.now(), answered, failed: reject };
        asked.set(id, call);
        signal?.addEventListener('abort', () => giveUp(id, call), { once: true });
        void ask(id, call, entry, content);
      });
    },
    answer(entry, leaf) {
      const { id } = entry;
      const call = asked.get(id);
      if (call === undefined) {
        // It was given up. What comes of it is logged and goes nowhere.
        const body = streams.receive(entry, leaf);
        return () => void (body !== null && !(body instanceof Uint8Array) && body.destroy());
      }
      if (call.leaf === undefined || !call.leaf.equals(entry.link as Buffer))
        throw malformed('answer', 'it is of another request');
      // A tail may become durable before the answer that it ends.
      let isDurable = false;
      let isWhole = typeof entry.content !== 'number';
      const receipt = (): void => {
        if (isDurable && isWhole) outgoing.leaveSoon(bareEntry('receipt', { id, link: leaf, alone: false }));
      };
      const body = streams.receive(entry, leaf, {
        progress: () => touch(call),
        ended: (whole) => {
          if (!whole) return;
          isWhole = true;
          receipt();
        },
      });
      return () => {
        isDurable = true;
        asked.delete(id);
        call.answered({ head: entry.headBytes as Buffer, body });
        receipt();
        settled();
      };
    },
    refused(batch, code) {
      for (const [id, call] of asked) {
        if (call.batch !== batch) continue;
        asked.delete(id);
        call.upload?.stop('the call was refused');
        call.failed(new Failure('CALLS_REFUSED', { peer, code }));
      }
      settled();
    },
    isEmpty: () => asked.size === 0,
    close(unreachable) {
      clearInterval(sweep);
      for (const { leaf, failed } of asked.values())
        failed(leaf === undefined ? unreachable : new Failure('CALLS_OUTCOME_UNKNOWN', { peer }));
      asked.clear();
    },
  };
}

function touch(call: Asked): void {
  call.touched = performance.now();
}
