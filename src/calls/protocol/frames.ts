import type { Socket } from 'node:net';
import { LIMITS } from '../limits.ts';
import { malformed } from './entries.ts';

/** The name of the protocol in the handshake (ALPN, RFC 7301). */
export const PROTOCOL = 'commonway-calls/1';

/**
 * What goes over a connection: a byte for the kind, four for the length, then the content. Only batches are signed: a chunk is
 * believed because the digest of its body is.
 */
export const FRAME = {
  /** Envelope, signature, entries. */
  batch: 1,
  /** Number of a stream, bytes of its body. */
  chunk: 2,
  /** Number of a stream, how many more bytes may come. */
  credit: 3,
  /** Number of a stream: its body will not come to an end. */
  broken: 4,
  /** Number of a stream: nobody wants the rest. */
  unwanted: 5,
  /** Id of a call: who asked is gone. */
  cancel: 6,
  /** Id of a batch, then a code: nothing of it was taken. */
  refuse: 7,
} as const;

const MOST = LIMITS.batchBytes + 64 * 1024;

/** Writes one frame; its parts are not joined first. */
export function writeFrame(socket: Socket, kind: number, ...parts: Uint8Array[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.allocUnsafe(5);
  head[0] = kind;
  head.writeUInt32BE(length, 1);
  if (length <= 4096) {
    socket.write(Buffer.concat([head, ...parts], 5 + length));
    return;
  }
  socket.cork();
  socket.write(head);
  for (const part of parts) socket.write(part);
  socket.uncork();
}

/** Calls `take` for every whole frame of what comes in pieces. @throws (from the function it gives) Failure CALLS_MALFORMED */
export function frameReader(take: (kind: number, content: Buffer) => void): (data: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = 5;
  return (data) => {
    parts.push(data);
    size += data.length;
    while (size >= wanted) {
      let joined = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
      parts = [joined];
      const length = joined.readUInt32BE(1);
      if (length > MOST) throw malformed('frame', 'it is too long');
      wanted = 5 + length;
      if (size < wanted) return;
      const content = joined.subarray(5, wanted);
      const kind = joined[0] as number;
      joined = joined.subarray(wanted);
      parts = joined.length === 0 ? [] : [joined];
      size -= wanted;
      wanted = 5;
      take(kind, content);
    }
  };
}
