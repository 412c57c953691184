import type { Readable } from 'node:stream';
import { Failure } from '../storage/index.ts';
import { LIMITS } from './limits.ts';
import type { Outgoing } from './outgoing.ts';
import { digest, type Entry } from './protocol/entries.ts';
import type { Streams } from './streams.ts';

/** The entry of a request or an answer, from what is to be told. @throws Failure CALLS_TOO_LARGE */
export function toldEntry(
  kind: 'request' | 'answer',
  what: { id: string; link: Buffer | null; head: Uint8Array; content: Buffer | number | null; alone: boolean },
): Omit<Entry, 'salt'> {
  const { id, link, head, content, alone } = what;
  const headBytes = Buffer.from(head);
  if (headBytes.length > LIMITS.headBytes)
    throw new Failure('CALLS_TOO_LARGE', { what: 'head', most: LIMITS.headBytes });
  const whole = content instanceof Buffer ? { digest: digest(content), size: content.length } : null;
  const body = typeof content === 'number' ? 'streamed' : whole;
  return { kind, id, link, head: digest(headBytes), headBytes, body, content, alone };
}

/** An entry without head and content: a receipt, or with a digest a tail. */
export function bareEntry(
  kind: 'receipt' | 'tail',
  what: { id: string; link: Buffer; alone: boolean; body?: { digest: Buffer; size: number } },
): Omit<Entry, 'salt'> {
  const { id, link, alone, body = null } = what;
  return { kind, id, link, head: null, headBytes: null, body, content: null, alone };
}

/** Sends a streamed body after its entry, and the signed digest after the body. */
export function sendStreamed(
  { streams, outgoing }: { streams: Streams; outgoing: Outgoing },
  stream: number,
  source: Readable,
  owner: { id: string; leaf: Buffer; alone: boolean; progress?(): void },
) {
  const { id, leaf, alone, progress = () => undefined } = owner;
  const body = streams.send(stream, source, progress);
  const done = body.done
    .then(async (whole) => {
      if (whole !== undefined) await outgoing.leave(bareEntry('tail', { id, link: leaf, alone, body: whole }));
    })
    .catch((error: unknown) => {
      streams.broken(stream);
      throw error;
    });
  done.catch(() => undefined);
  return { body, done };
}
