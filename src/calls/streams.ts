import type { Readable } from 'node:stream';
import { type IncomingBody, type OutgoingBody, receiveBody, sendBody } from './bodies.ts';
import type { Body } from './context.ts';
import { type Entry, malformed, number } from './protocol/entries.ts';
import { FRAME } from './protocol/frames.ts';
import type { SignedBody } from './protocol/statement.ts';

/** The streamed bodies of one connection, in both directions. */
export interface Streams {
  /** A number for a body that goes out. */
  next(): number;
  /** Sends a body after its entry. @returns what the sending can be told, and its digest and size in the end */
  send(stream: number, source: Readable, progress: () => void): OutgoingBody;
  /** Says that a body will not come. */
  broken(stream: number): void;
  /** The body of an entry that came: whole as it is, or a stream that begins now. @throws Failure CALLS_MALFORMED */
  receive(entry: Entry, leaf: Buffer, hooks?: { progress?(): void; ended?(whole: boolean): void }): Body;
  /** What a signed tail does once it is durable. */
  tail(link: Buffer): (signed: SignedBody) => void;
  /** Takes a frame about a stream. @throws Failure CALLS_MALFORMED */
  take(kind: number, content: Buffer): void;
  close(reason: string): void;
}

/**
 * Keeps the streams of a connection.
 * @param write puts a frame on the connection, unless it has ended
 * @param drained resolves when the connection takes more; undefined when it does now
 * @param rest what becomes of a source whose rest nobody wants
 */
export function openStreams(around: {
  write(kind: number, ...parts: Uint8Array[]): void;
  drained(): Promise<void> | undefined;
  rest: 'read' | 'end';
}): Streams {
  const { write, drained, rest } = around;
  const outgoing = new Map<number, OutgoingBody>();
  const incoming = new Map<number, IncomingBody>();
  /** By the leaf of the entry whose body it is. */
  const tails = new Map<string, IncomingBody>();
  let last = 0;
  return {
    next: () => ++last,
    send(stream, source, progress) {
      const put = (chunk: Buffer): Promise<void> | undefined => {
        progress();
        write(FRAME.chunk, number(stream), chunk);
        return drained();
      };
      const body = sendBody(source, put, rest);
      outgoing.set(stream, body);
      const gone = (): void => void outgoing.delete(stream);
      body.done.then(gone, gone);
      return body;
    },
    broken(stream) {
      write(FRAME.broken, number(stream));
    },
    receive({ content: stream }, leaf, { progress, ended } = {}) {
      if (typeof stream !== 'number') return stream;
      if (incoming.has(stream)) throw malformed('stream', 'its number is taken');
      const name = leaf.toString('hex');
      const body = receiveBody({
        credit(bytes) {
          progress?.();
          write(FRAME.credit, number(stream), number(bytes));
        },
        unwanted: () => write(FRAME.unwanted, number(stream)),
        ended(whole) {
          incoming.delete(stream);
          tails.delete(name);
          ended?.(whole);
        },
      });
      incoming.set(stream, body);
      tails.set(name, body);
      return body.stream;
    },
    tail(link) {
      const body = tails.get(link.toString('hex'));
      return (signed) => body?.tail(signed);
    },
    take(kind, content) {
      if (content.length < 4) throw malformed('frame', 'it ends early');
      const stream = content.readUInt32BE(0);
      if (kind === FRAME.chunk) {
        if (incoming.get(stream)?.chunk(content.subarray(4)) === false) throw malformed('stream', 'it does not wait');
      } else if (kind === FRAME.credit && content.length === 8) outgoing.get(stream)?.credit(content.readUInt32BE(4));
      else if (kind === FRAME.broken) incoming.get(stream)?.broken('its sender broke off');
      else if (kind === FRAME.unwanted) outgoing.get(stream)?.unwanted();
      else throw malformed('frame', 'its kind is unknown');
    },
    close(reason) {
      for (const body of outgoing.values()) body.stop(reason);
      for (const body of [...incoming.values()]) body.broken(reason);
    },
  };
}
