import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../storage/index.ts';
import type { Body } from './context.ts';
import { LIMITS } from './limits.ts';
import type { SignedBody } from './protocol/statement.ts';

/** How long a body without a known end is gathered before it is streamed. */
const GATHER_MS = 20;

/**
 * A body as it will travel: what is small and comes at once is read whole, so that it is signed with its head; anything else stays a
 * stream, with what was read put back.
 */
export async function gathered(body: Body): Promise<Buffer | Readable | null> {
  if (body === null) return null;
  if (body instanceof Uint8Array) {
    return body.length <= LIMITS.wholeBytes
      ? asBuffer(body)
      : Readable.from(slices(asBuffer(body)), { objectMode: false });
  }
  // It may break off between this and its first reader, who learns of it by the stream's state.
  body.on('error', () => undefined);
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => streamed(), GATHER_MS);
    const settle = (): void => {
      clearTimeout(timer);
      body.off('data', take).off('end', whole).off('error', fail).off('close', closed);
    };
    const take = (part: Buffer): void => {
      parts.push(part);
      size += part.length;
      if (size > LIMITS.wholeBytes) streamed();
    };
    const whole = (): void => {
      settle();
      resolve(Buffer.concat(parts, size));
    };
    const fail = (error: unknown): void => {
      settle();
      reject(new Failure('CALLS_BODY_BROKEN', { reason: 'its source broke off' }, { cause: error }));
    };
    const closed = (): void => fail(undefined);
    const streamed = (): void => {
      settle();
      body.pause();
      if (size > 0) body.unshift(Buffer.concat(parts, size));
      resolve(body);
    };
    body.on('data', take).once('end', whole).once('error', fail).once('close', closed);
  });
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += LIMITS.chunkBytes) yield bytes.subarray(at, at + LIMITS.chunkBytes);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** A body that goes out in chunks, as fast as the other end takes them. */
export interface OutgoingBody {
  /** So many more bytes may go. */
  credit(bytes: number): void;
  /** Nobody wants the rest: what is left of the source is thrown away. */
  unwanted(): void;
  /** Ends the sending. */
  stop(reason: string): void;
  /** Digest and size once all has gone; undefined where the rest was not wanted. @throws Failure CALLS_BODY_BROKEN */
  done: Promise<{ digest: Buffer; size: number } | undefined>;
}

/**
 * Sends what a stream gives, chunk by chunk.
 * @param write puts one chunk on the connection; resolves when more may follow
 * @param rest what becomes of a source whose rest is not wanted: whoever sends a question still reads it, a service is told to stop
 */
export function sendBody(
  source: Readable,
  write: (chunk: Buffer) => Promise<void> | undefined,
  rest: 'read' | 'end',
): OutgoingBody {
  let left: number = LIMITS.windowBytes;
  let wake: (() => void) | undefined;
  let wanted = true;
  let broken: string | undefined;
  const rouse = (): void => {
    wake?.();
    wake = undefined;
  };
  const room = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const run = async (): Promise<{ digest: Buffer; size: number } | undefined> => {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of source) {
      for (let unsent = part as Buffer; unsent.length > 0 && wanted; ) {
        while (left === 0 && wanted && broken === undefined) await room();
        if (broken !== undefined) throw new Error(broken);
        if (!wanted) break;
        const chunk = unsent.subarray(0, Math.min(left, LIMITS.chunkBytes));
        unsent = unsent.subarray(chunk.length);
        left -= chunk.length;
        size += chunk.length;
        hash.update(chunk);
        await write(chunk);
      }
      if (broken !== undefined) throw new Error(broken);
      if (!wanted && rest === 'end') break;
    }
    return wanted ? { digest: hash.digest(), size } : undefined;
  };
  const done = run().catch((error: unknown) => {
    source.destroy();
    if (!wanted) return undefined;
    throw new Failure('CALLS_BODY_BROKEN', { reason: broken ?? 'its source broke off' }, { cause: error });
  });
  done.catch(() => undefined);
  return {
    done,
    credit(bytes) {
      left += bytes;
      rouse();
    },
    unwanted() {
      wanted = false;
      if (rest === 'end') source.destroy();
      rouse();
    },
    stop(reason) {
      broken ??= reason;
      rouse();
    },
  };
}

/** A body that comes in chunks. */
export interface IncomingBody {
  stream: Readable;
  /** @returns false where more came than was allowed: the other end does not keep to the protocol */
  chunk(bytes: Buffer): boolean;
  /** The signed word about the whole body, once it is durable here: only with it the last byte goes on. */
  tail(signed: SignedBody): void;
  broken(reason: string): void;
}

/**
 * Receives a body. The last byte is held back until the digest of the whole was signed by the sender and is durable here: what was
 * changed or cut on its way never looks whole.
 * @param hooks told how many bytes were taken, whether the rest is wanted no more, and how it ended
 */
export function receiveBody(hooks: {
  credit(bytes: number): void;
  unwanted(): void;
  ended(whole: boolean): void;
}): IncomingBody {
  const hash = createHash('sha256');
  let size = 0;
  let allowed: number = LIMITS.windowBytes;
  let taken = 0;
  let held: Buffer | undefined;
  let over = false;
  const queue: Buffer[] = [];
  let hungry = false;

  const give = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    queue.push(bytes);
    feed();
  };
  const feed = (): void => {
    while (hungry && queue.length > 0) {
      const bytes = queue.shift() as Buffer;
      taken += bytes.length;
      hungry = stream.push(bytes);
    }
    if (taken >= LIMITS.windowBytes / 4 && !over) {
      allowed += taken;
      hooks.credit(taken);
      taken = 0;
    }
  };
  const end = (whole: boolean): void => {
    if (over) return;
    over = true;
    hooks.ended(whole);
  };
  const stream = new Readable({
    highWaterMark: LIMITS.chunkBytes,
    read() {
      hungry = true;
      feed();
      if (finished && queue.length === 0) stream.push(null);
    },
    destroy(error, done) {
      if (!over) hooks.unwanted();
      end(false);
      queue.length = 0;
      done(error);
    },
  });
  // Whoever reads it hears of its end by its events; an error that nobody hears must not end the process.
  stream.on('error', () => undefined);
  let finished = false;
  const fail = (reason: string): void => {
    if (finished) return;
    end(false);
    stream.destroy(new Failure('CALLS_BODY_BROKEN', { reason }));
  };
  return {
    stream,
    chunk(bytes) {
      if (over) return true;
      size += bytes.length;
      allowed -= bytes.length;
      if (allowed < 0) return false;
      hash.update(bytes);
      if (bytes.length === 0) return true;
      if (held !== undefined) give(held);
      give(bytes.subarray(0, -1));
      held = bytes.subarray(-1);
      return true;
    },
    tail(signed) {
      if (over) return;
      if (signed === null || signed === 'streamed' || signed.size !== size || !hash.digest().equals(signed.digest))
        return fail('it is not the one that was signed');
      finished = true;
      end(true);
      if (held !== undefined) queue.push(held);
      held = undefined;
      feed();
      if (queue.length === 0) stream.push(null);
    },
    broken: fail,
  };
}
