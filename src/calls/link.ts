import type { PeerSocket } from '../exchange/index.ts';
import { Failure, isFailure } from '../storage/index.ts';
import { openAsking } from './asking.ts';
import type { CallAnswer, CallsContext, OutgoingCall, Serve } from './context.ts';
import type { Journal } from './journal.ts';
import { LIMITS } from './limits.ts';
import { openOutgoing } from './outgoing.ts';
import { type Batch, checkBatch } from './protocol/batch.ts';
import { type Entry, malformed, uuidOf } from './protocol/entries.ts';
import { FRAME, frameReader, writeFrame } from './protocol/frames.ts';
import { openServing } from './serving.ts';
import { openStreams } from './streams.ts';

/** One connection to a node. Whoever opened it calls over it, the other end serves. */
export interface Link {
  /** @throws Failure CALLS_REFUSED, CALLS_OUTCOME_UNKNOWN, CALLS_TOO_LARGE, CALLS_BODY_BROKEN, EXCHANGE_UNREACHABLE, STORAGE_* */
  call(call: OutgoingCall): Promise<CallAnswer>;
  isOpen(): boolean;
  /** Ends the connection once what is under way has ended, at the latest after so many milliseconds. */
  stop(withinMs: number): Promise<void>;
}

export interface LinkOptions {
  peer: string;
  /** What a call does here; a connection that this node opened has none. */
  serve?: Serve;
  /** Told of a call before it is durable: what `serve` will need can be looked for meanwhile. */
  arriving(): void;
  /** What the calls with a head may be looked for by. */
  namesOf(head: Uint8Array): string[];
  journal: Journal;
  /** A batch is signed by a key that is not known: the other state may have published a new manifest. */
  onUnknownKey(): void;
  onError(error: unknown): void;
  onClose(): void;
}

/**
 * Runs the protocol of calls on a connection: what comes is checked, becomes durable, and only then does something; what goes becomes
 * durable before it is written.
 */
export function runLink(ctx: CallsContext, { socket, peer: peerNow }: PeerSocket, options: LinkOptions): Link {
  const { peer, serve, journal } = options;
  const idle: (() => void)[] = [];
  let closed = false;
  let stopping = false;

  const write = (kind: number, ...parts: Uint8Array[]): void => {
    if (!closed) writeFrame(socket, kind, ...parts);
  };
  const isIdle = (): boolean => asking.isEmpty() && (serving?.isEmpty() ?? true) && outgoing.isEmpty();
  const settled = (): void => {
    if (isIdle()) for (const done of idle.splice(0)) done();
  };
  const drained = (): Promise<void> | undefined => {
    if (!socket.writableNeedDrain) return undefined;
    return new Promise((resolve) => {
      const go = (): void => {
        socket.off('drain', go).off('close', go);
        resolve();
      };
      socket.once('drain', go).once('close', go);
    });
  };
  const namesIn = (entries: readonly Entry[]): string[] =>
    entries.flatMap(({ kind, id, headBytes }) =>
      kind === 'request' ? [id, ...options.namesOf(headBytes as Buffer)] : [id],
    );
  const writeBatch = (frame: Buffer): void => write(FRAME.batch, frame);
  const outgoing = openOutgoing(ctx, { peer, journal, namesIn, write: writeBatch, settled });
  const streams = openStreams({ write, drained, rest: serve === undefined ? 'read' : 'end' });
  const cancel = (id: string): void => write(FRAME.cancel, idBytes(id));
  const asking = openAsking({ peer, outgoing, streams, cancel, settled });
  const failed = (error: unknown): void => {
    if (closed) return;
    options.onError(error);
    socket.destroy();
  };
  const holding = new Set<'calls' | 'batches'>();
  /** Nothing more is read while there is a reason not to. */
  const hold = (reason: 'calls' | 'batches', on: boolean): void => {
    if (on) holding.add(reason);
    else holding.delete(reason);
    if (holding.size > 0) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };
  const isFull = (full: boolean): void => hold('calls', full);
  const serving =
    serve && openServing({ peer, serve, arriving: options.arriving, outgoing, streams, isFull, failed, settled });
  let undurable = 0;
  const wait = (change: 1 | -1): void => {
    undurable += change;
    if (undurable >= LIMITS.batches) hold('batches', true);
    else if (undurable <= LIMITS.batches / 2) hold('batches', false);
  };

  /** Checks an entry against what is under way. @returns what it does once it is durable */
  const actionOf = (entry: Entry, leaf: Buffer): (() => void) => {
    const { kind } = entry;
    if (kind === 'tail') {
      const end = streams.tail(entry.link as Buffer);
      return () => end(entry.body);
    }
    if (serving !== undefined && kind === 'request') return serving.request(entry, leaf);
    if (serving !== undefined && kind === 'receipt') return () => undefined;
    if (serving === undefined && kind === 'answer') return asking.answer(entry, leaf);
    throw malformed(kind, 'it is for the other side to say');
  };

  const refuse = (id: string, code: string, ends: boolean): void => {
    write(FRAME.refuse, idBytes(id), Buffer.from(code));
    if (ends && !closed) socket.end(() => socket.destroy());
  };
  const take = (frame: Buffer): void => {
    // A certificate may end while the connection lasts.
    if (peerNow() !== peer) return void socket.destroy();
    let batch: Batch;
    try {
      batch = checkBatch(frame, { trust: ctx.trust, now: ctx.clock.now(), peer });
    } catch (error) {
      options.onError(error);
      if (isFailure(error, 'CALLS_SIGNATURE')) options.onUnknownKey();
      const id = idIn(frame);
      if (id === undefined) socket.destroy();
      else refuse(id, error instanceof Failure ? error.code : 'CALLS_MALFORMED', true);
      return;
    }
    const { envelope, entries, leaves } = batch;
    // Chunks follow at once: streams begin before the batch is durable, and nothing of them goes on before it is.
    const actions = entries.map((entry, place) => actionOf(entry, leaves[place] as Buffer));
    wait(1);
    journal.add({
      make: () => [{ direction: 'in', peer, batch, names: namesIn(entries) }],
      durable(replayed) {
        wait(-1);
        if (replayed.has(envelope.id)) return refuse(envelope.id, 'CALLS_REPLAYED', true);
        for (const act of actions) act();
      },
      failed(error) {
        wait(-1);
        options.onError(error);
        for (const { kind, id } of entries) if (kind === 'request') serving?.drop(id);
        // Answers and ends of bodies that cannot be logged are not given: whoever waits learns that the outcome is not known.
        const isAwaited = entries.some(({ kind }) => kind === 'answer' || kind === 'tail');
        refuse(envelope.id, 'CALLS_BUSY', isAwaited);
      },
    });
  };
  const read = frameReader((kind, content) => {
    if (closed) return;
    if (kind === FRAME.batch) take(content);
    else if (kind === FRAME.refuse && content.length > 16) asking.refused(idOf(content), codeIn(content));
    else if (kind === FRAME.cancel && content.length === 16) serving?.cancel(idOf(content));
    else streams.take(kind, content);
  });

  const unreachable = (): Failure => new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'the connection ended' });
  socket.setNoDelay(true);
  socket.on('end', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    try {
      read(data);
    } catch (error) {
      options.onError(error);
      socket.destroy();
    }
  });
  socket.on('close', () => {
    closed = true;
    outgoing.close(unreachable());
    asking.close(unreachable());
    serving?.close();
    streams.close('the connection ended');
    options.onClose();
    settled();
  });
  return {
    isOpen: () => !closed && !stopping,
    async call(call) {
      if (closed || stopping) throw unreachable();
      return asking.call(call);
    },
    async stop(withinMs) {
      stopping = true;
      if (!closed && !isIdle()) {
        const timer = setTimeout(() => socket.destroy(), withinMs);
        await new Promise<void>((resolve) => {
          idle.push(resolve);
          // A service that does not hear that its caller is gone must not hold us up.
          socket.once('close', () => resolve());
        });
        clearTimeout(timer);
      }
      // What was just written goes out first.
      if (!closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()).end(() => resolve()));
      socket.destroy();
    },
  };
}

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idOf = (content: Buffer): string => uuidOf(content.subarray(0, 16).toString('hex'));

/** The code of a refusal, as far as it is one. */
function codeIn(content: Buffer): string {
  const code = content.subarray(16, 80).toString('latin1');
  return /^[A-Z_]+$/.test(code) ? code : 'CALLS_MALFORMED';
}

/** The id of a batch that was not even read: undefined where none can be made out. */
function idIn(frame: Buffer): string | undefined {
  try {
    const { id } = JSON.parse(frame.subarray(4, 4 + frame.readUInt32BE(0)).toString('utf8')) as { id?: unknown };
    return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
