import type { Readable } from 'node:stream';
import { randomBytes, randomId } from '../crypto/index.ts';
import type { PeerSocket } from '../exchange/index.ts';
import { Failure, isFailure } from '../storage/index.ts';
import { gathered, type IncomingBody, type OutgoingBody, receiveBody, sendBody } from './bodies.ts';
import type { Body, CallAnswer, CallsContext, OutgoingCall, Serve } from './context.ts';
import type { Journal, Logged } from './journal.ts';
import { LIMITS } from './limits.ts';
import { type Batch, checkBatch, makeBatch } from './protocol/batch.ts';
import { digest, type Entry, malformed, number, uuidOf } from './protocol/entries.ts';
import { FRAME, frameReader, writeFrame } from './protocol/frames.ts';
import { leafOf } from './protocol/statement.ts';

/** One connection to a node. Whoever opened it calls over it, the other end serves. */
export interface Link {
  /** @throws Failure CALLS_REFUSED, CALLS_OUTCOME_UNKNOWN, CALLS_TOO_LARGE, EXCHANGE_UNREACHABLE, STORAGE_* */
  call(call: OutgoingCall): Promise<CallAnswer>;
  isOpen(): boolean;
  /** Ends the connection once what is under way has ended, at the latest after so many milliseconds. */
  stop(withinMs: number): Promise<void>;
}

export interface LinkOptions {
  peer: string;
  /** What a call does here; a connection that this node opened has none. */
  serve?: Serve;
  /** What the calls with a head may be looked for by. */
  namesOf(head: Uint8Array): string[];
  journal: Journal;
  onError(error: unknown): void;
  onClose(): void;
}

/** Without any progress for so long a call is given up. */
const PATIENCE_MS = 60_000;
/** A receipt waits this long for something that it can travel with. */
const RECEIPT_MS = 50;

/** An entry that waits for its batch. */
interface Leaving {
  entry: Entry;
  /** Told of its leaf once its batch is durable and on the connection. */
  gone(leaf: Buffer, batch: string): void;
  failed(error: unknown): void;
}

/** A call that waits for its answer. */
interface Asked {
  leaf?: Buffer;
  batch?: string;
  last: number;
  upload?: OutgoingBody | undefined;
  answered(answer: { head: Buffer; body: Body }): void;
  failed(error: Failure): void;
}

/** Random bytes cost a call of the system each time: many salts are drawn at once. */
let salts: Buffer = Buffer.alloc(0);

function freshSalt(): Buffer {
  if (salts.length === 0) salts = randomBytes(128 * 32);
  const salt = salts.subarray(0, 32);
  salts = salts.subarray(32);
  return salt;
}

/** Runs the protocol of calls on a connection. */
export function runLink(ctx: CallsContext, { socket, peer: peerNow }: PeerSocket, options: LinkOptions): Link {
  const { peer, serve, journal } = options;
  const asked = new Map<string, Asked>();
  const served = new Map<string, AbortController>();
  const uploads = new Map<number, OutgoingBody>();
  const downloads = new Map<number, IncomingBody>();
  /** By the leaf of the entry whose body it is. */
  const tails = new Map<string, IncomingBody>();
  let leaving: Leaving[] = [];
  let turned = false;
  let streams = 0;
  let closed = false;
  let stopping = false;
  let receiptTimer: NodeJS.Timeout | undefined;
  const idle: (() => void)[] = [];

  const settled = (): void => {
    if (asked.size === 0 && served.size === 0 && leaving.length === 0) for (const done of idle.splice(0)) done();
  };

  // ---- what leaves

  const takeTurn = (): void => {
    if (turned || closed || leaving.length === 0) return;
    turned = true;
    let parts: { batch: Batch & { frame: Buffer }; entries: Leaving[] }[] = [];
    journal.add({
      make() {
        turned = false;
        const taken = leaving.splice(0);
        leaving = [];
        parts = partsOf(taken).map((entries) => {
          const sender = { trust: ctx.trust, key: ctx.keys.messages, now: ctx.clock.now() };
          return {
            batch: makeBatch(
              sender,
              peer,
              entries.map(({ entry }) => entry),
            ),
            entries,
          };
        });
        return parts.map(({ batch }) => ({ direction: 'out', peer, batch, names: namesIn(batch) }));
      },
      durable() {
        for (const { batch, entries } of parts) {
          if (!closed) writeFrame(socket, FRAME.batch, batch.frame);
          for (const [place, { gone }] of entries.entries()) gone(batch.leaves[place] as Buffer, batch.envelope.id);
        }
        settled();
      },
      failed(error) {
        for (const { entries } of parts) for (const one of entries) one.failed(error);
        settled();
      },
    });
  };

  /** Signs, logs and sends an entry. @returns its leaf and its batch, once it is durable and on the connection */
  const leave = (entry: Omit<Entry, 'salt'>): Promise<{ leaf: Buffer; batch: string }> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(unreachable());
      leaving.push({
        entry: { ...entry, salt: freshSalt() },
        gone: (leaf, batch) => resolve({ leaf, batch }),
        failed: reject,
      });
      takeTurn();
    });

  const told = (
    kind: 'request' | 'answer',
    id: string,
    link: Buffer | null,
    head: Uint8Array,
    body: Buffer | number | null,
  ) => {
    const headBytes = Buffer.from(head);
    if (headBytes.length > LIMITS.headBytes)
      throw new Failure('CALLS_TOO_LARGE', { what: 'head', most: LIMITS.headBytes });
    const signed =
      body === null
        ? null
        : typeof body === 'number'
          ? ('streamed' as const)
          : { digest: digest(body), size: body.length };
    return { kind, id, link, head: digest(headBytes), headBytes, body: signed, content: body };
  };

  /** Sends a streamed body after its entry, and its signed digest after the body. */
  const upload = (
    stream: number,
    source: Readable,
    owner: { id: string; leaf: Buffer; alone: boolean; last?(): void },
  ) => {
    const write = (chunk: Buffer): Promise<void> | undefined => {
      owner.last?.();
      writeFrame(socket, FRAME.chunk, number(stream), chunk);
      if (!socket.writableNeedDrain) return undefined;
      return new Promise<void>((resolve) => {
        const go = (): void => {
          socket.off('drain', go).off('close', go);
          resolve();
        };
        socket.once('drain', go).once('close', go);
      });
    };
    const body = sendBody(source, write, serve === undefined ? 'read' : 'end');
    uploads.set(stream, body);
    const { id, leaf, alone } = owner;
    const done = body.done
      .then(async (whole) => {
        if (whole === undefined) return;
        await leave({ kind: 'tail', id, link: leaf, head: null, headBytes: null, body: whole, content: null, alone });
      })
      .catch((error: unknown) => {
        if (!closed) writeFrame(socket, FRAME.broken, number(stream));
        throw error;
      })
      .finally(() => uploads.delete(stream));
    done.catch(() => undefined);
    return { body, done };
  };

  const receipt = (id: string, link: Buffer): void => {
    if (closed) return;
    const entry = {
      kind: 'receipt' as const,
      id,
      link,
      head: null,
      headBytes: null,
      body: null,
      content: null,
      alone: false,
    };
    leaving.push({
      entry: { ...entry, salt: freshSalt() },
      gone: () => undefined,
      failed: () => undefined,
    });
    receiptTimer ??= setTimeout(() => {
      receiptTimer = undefined;
      takeTurn();
    }, RECEIPT_MS);
    if (leaving.length >= LIMITS.entries) takeTurn();
  };

  // ---- what comes

  const comeBody = (entry: Entry, progress: () => void, ended: (whole: boolean) => void): Body => {
    const { content } = entry;
    if (typeof content !== 'number') return content;
    if (downloads.has(content)) throw malformed('stream', 'its number is taken');
    const leaf = leafOf(entry).toString('hex');
    const body = receiveBody({
      credit(bytes) {
        progress();
        if (!closed) writeFrame(socket, FRAME.credit, number(content), number(bytes));
      },
      unwanted() {
        if (!closed) writeFrame(socket, FRAME.unwanted, number(content));
      },
      ended(whole) {
        downloads.delete(content);
        tails.delete(leaf);
        ended(whole);
      },
    });
    downloads.set(content, body);
    tails.set(leaf, body);
    return body.stream;
  };

  const take = (frame: Buffer): void => {
    // A certificate may end while the connection lasts.
    if (peerNow() !== peer) return void socket.destroy();
    let batch: Batch;
    try {
      batch = checkBatch(frame, { trust: ctx.trust, now: ctx.clock.now(), peer });
    } catch (error) {
      refuse(frame, error);
      return;
    }
    // Chunks follow at once: streams begin before the batch is durable, and nothing of them goes on before it is.
    const actions = batch.entries.map((entry, place) => actionOf(entry, batch.leaves[place] as Buffer));
    journal.add({
      make: (): Logged[] => [{ direction: 'in', peer, batch, names: namesIn(batch) }],
      durable(replayed) {
        if (replayed.has(batch.envelope.id)) return refuseBatch(batch.envelope.id, 'CALLS_REPLAYED', true);
        for (const act of actions) act();
      },
      failed(error) {
        options.onError(error);
        for (const { kind, id } of batch.entries) if (kind === 'request') served.delete(id);
        // Answers that cannot be logged are not given: whoever waits learns that the outcome is not known.
        refuseBatch(batch.envelope.id, 'CALLS_BUSY', serve === undefined);
        settled();
      },
    });
  };

  /** Checks an entry against what is under way. @returns what it does once it is durable */
  const actionOf = (entry: Entry, leaf: Buffer): (() => void) => {
    const { kind, id } = entry;
    if (kind === 'tail') {
      const body = tails.get((entry.link as Buffer).toString('hex'));
      return () => body?.tail(entry.body);
    }
    if (serve !== undefined) {
      if (kind === 'receipt') return () => undefined;
      if (kind !== 'request') throw malformed(kind, 'only who is asked answers');
      const abort = new AbortController();
      if (served.has(id)) throw malformed(kind, 'its id is taken');
      served.set(id, abort);
      const body = comeBody(
        entry,
        () => undefined,
        () => undefined,
      );
      if (served.size > LIMITS.serving) socket.pause();
      return () => void answerCall(serve, entry, leaf, body, abort);
    }
    if (kind !== 'answer') throw malformed(kind, 'only who asks may say this');
    const call = asked.get(id);
    if (call === undefined) {
      // It was given up. What comes of it is logged and goes nowhere.
      const body = comeBody(
        entry,
        () => undefined,
        () => undefined,
      );
      return () => void (body !== null && !(body instanceof Uint8Array) && body.destroy());
    }
    if (call.leaf === undefined || !call.leaf.equals(entry.link as Buffer))
      throw malformed(kind, 'it is of another request');
    const touch = (): void => {
      call.last = performance.now();
    };
    const body = comeBody(entry, touch, (whole) => {
      if (whole) receipt(id, leaf);
    });
    return () => {
      asked.delete(id);
      call.answered({ head: entry.headBytes as Buffer, body });
      if (typeof entry.content !== 'number') receipt(id, leaf);
      settled();
    };
  };

  const answerCall = async (
    does: Serve,
    entry: Entry,
    link: Buffer,
    body: Body,
    abort: AbortController,
  ): Promise<void> => {
    const { id, alone } = entry;
    try {
      const mode = alone ? ('message' as const) : ('batch' as const);
      const call = { id, from: peer, mode, head: entry.headBytes as Buffer, body, signal: abort.signal };
      const answer = await does(call);
      const content = await gathered(answer.body).catch(() => 'broken' as const);
      const stream = content === null || content instanceof Buffer ? content : ++streams;
      const { leaf } = await leave({ ...told('answer', id, link, answer.head, stream), alone });
      if (content === 'broken') writeFrame(socket, FRAME.broken, number(stream as number));
      else if (typeof stream === 'number') await upload(stream, content as Readable, { id, leaf, alone }).done;
    } catch (error) {
      // An answer that cannot be logged is not given: the other end learns that the outcome is not known.
      if (!closed && !isFailure(error, 'CALLS_BODY_BROKEN')) {
        options.onError(error);
        socket.destroy();
      }
    } finally {
      served.delete(id);
      if (served.size < LIMITS.serving / 2) socket.resume();
      settled();
    }
  };

  const refuse = (frame: Buffer, error: unknown): void => {
    options.onError(error);
    const code = error instanceof Failure ? error.code : 'CALLS_MALFORMED';
    let id: string | undefined;
    try {
      id = (JSON.parse(frame.subarray(4, 4 + frame.readUInt32BE(0)).toString('utf8')) as { id?: string }).id;
    } catch {
      // What has no id cannot be named.
    }
    if (id !== undefined && /^[0-9a-f-]{36}$/.test(id)) refuseBatch(id, code, true);
    else socket.destroy();
  };

  const refuseBatch = (id: string, code: string, ends: boolean): void => {
    if (closed) return;
    writeFrame(socket, FRAME.refuse, Buffer.from(id.replaceAll('-', ''), 'hex'), Buffer.from(code));
    if (ends) socket.end(() => socket.destroy());
  };

  const refused = (content: Buffer): void => {
    const id = uuidOf(content.subarray(0, 16).toString('hex'));
    const code = content.subarray(16, 80).toString('latin1');
    const reason = /^[A-Z_]+$/.test(code) ? code : 'CALLS_MALFORMED';
    for (const [call, one] of asked) {
      if (one.batch !== id) continue;
      asked.delete(call);
      one.upload?.stop('the call was refused');
      one.failed(new Failure('CALLS_REFUSED', { peer, code: reason }));
    }
    settled();
  };

  const read = frameReader((kind, content) => {
    if (closed) return;
    if (kind === FRAME.batch) return take(content);
    if (kind === FRAME.refuse && content.length > 16) return refused(content);
    if (kind === FRAME.cancel && content.length === 16) return served.get(uuidOf(content.toString('hex')))?.abort();
    if (content.length < 4) throw malformed('frame', 'it ends early');
    const stream = content.readUInt32BE(0);
    if (kind === FRAME.chunk) {
      if (downloads.get(stream)?.chunk(content.subarray(4)) === false) throw malformed('stream', 'it does not wait');
    } else if (kind === FRAME.credit && content.length === 8) uploads.get(stream)?.credit(content.readUInt32BE(4));
    else if (kind === FRAME.broken) downloads.get(stream)?.broken('its sender broke off');
    else if (kind === FRAME.unwanted) uploads.get(stream)?.unwanted();
    else throw malformed('frame', 'its kind is unknown');
  });

  // ---- the connection

  const unreachable = (): Failure => new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'the connection ended' });

  const close = (): void => {
    if (closed) return;
    closed = true;
    clearInterval(sweep);
    clearTimeout(receiptTimer);
    for (const one of leaving.splice(0)) one.failed(unreachable());
    for (const call of asked.values()) call.failed(new Failure('CALLS_OUTCOME_UNKNOWN', { peer }));
    asked.clear();
    for (const abort of served.values()) abort.abort();
    for (const body of uploads.values()) body.stop('the connection ended');
    for (const body of [...downloads.values()]) body.broken('the connection ended');
    options.onClose();
    settled();
  };
  socket.setNoDelay(true);
  socket.on('close', close);
  socket.on('end', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    try {
      read(data);
    } catch (error) {
      options.onError(error);
      socket.destroy();
    }
  });
  const sweep = setInterval(() => {
    const limit = performance.now() - PATIENCE_MS;
    for (const [id, call] of asked) if (call.last < limit) giveUp(id, call);
  }, 1_000);
  sweep.unref();

  const giveUp = (id: string, call: Asked): void => {
    if (!asked.delete(id)) return;
    call.upload?.stop('the call was given up');
    if (!closed && call.leaf !== undefined)
      writeFrame(socket, FRAME.cancel, Buffer.from(id.replaceAll('-', ''), 'hex'));
    call.failed(new Failure('CALLS_OUTCOME_UNKNOWN', { peer }));
    settled();
  };

  return {
    isOpen: () => !closed && !stopping,
    async call({ mode, head, body, signal }) {
      const id = randomId();
      const content = await gathered(body);
      if (closed || stopping) throw unreachable();
      const alone = mode === 'message';
      const stream = content === null || content instanceof Buffer ? content : ++streams;
      const entry = told('request', id, null, head, stream);
      return new Promise((resolve, reject) => {
        const call: Asked = {
          last: performance.now(),
          answered: ({ head: said, body: came }) => resolve({ id, head: said, body: came }),
          failed: reject,
        };
        asked.set(id, call);
        signal?.addEventListener('abort', () => giveUp(id, call), { once: true });
        leave({ ...entry, alone }).then(
          ({ leaf, batch }) => {
            // Before anything more is read from the connection, so before any answer.
            call.leaf = leaf;
            call.batch = batch;
            if (typeof stream !== 'number' || !asked.has(id)) return;
            const touch = (): void => {
              call.last = performance.now();
            };
            const { body: sending, done } = upload(stream, content as Readable, { id, leaf, alone, last: touch });
            call.upload = sending;
            // A question that breaks off has no answer.
            done.catch(() => giveUp(id, call));
          },
          (error: unknown) => {
            asked.delete(id);
            reject(error);
          },
        );
      });
    },
    async stop(withinMs) {
      stopping = true;
      if (!closed && (asked.size > 0 || served.size > 0 || leaving.length > 0)) {
        const timer = setTimeout(() => socket.destroy(), withinMs);
        await new Promise<void>((resolve) => idle.push(resolve));
        clearTimeout(timer);
      }
      // What was just written goes out first.
      if (!closed) await new Promise<void>((resolve) => socket.end(() => resolve()));
      socket.destroy();
    },
  };

  function namesIn(batch: Batch): string[] {
    return batch.entries.flatMap(({ kind, id, headBytes }) =>
      kind === 'request' ? [id, ...options.namesOf(headBytes as Buffer)] : [id],
    );
  }
}

/** What gathered, in batches: those that want a signature of their own, and the others together as far as they fit. */
function partsOf(leaving: readonly Leaving[]): Leaving[][] {
  const parts: Leaving[][] = [];
  let part: Leaving[] = [];
  let bytes = 0;
  for (const one of leaving) {
    const { headBytes, content } = one.entry;
    const size = 200 + (headBytes?.length ?? 0) + (content instanceof Buffer ? content.length : 0);
    if (one.entry.alone) {
      parts.push([one]);
      continue;
    }
    if (part.length >= LIMITS.entries || bytes + size > LIMITS.batchBytes) {
      if (part.length > 0) parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(one);
    bytes += size;
  }
  return part.length > 0 ? [...parts, part] : parts;
}
