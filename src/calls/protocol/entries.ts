import { hash } from 'node:crypto';
import { Failure } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';
import { type EntryKind, leafOf, type SignedBody, type Statement } from './statement.ts';

/** An entry as it is sent: what is signed, with the bytes behind the digests. */
export interface Entry extends Statement {
  headBytes: Buffer | null;
  /** The number of the stream in its connection where the body is streamed, the bytes where it is not. */
  content: Buffer | number | null;
  /** Bears a signature of its own, and wants the same of its answer. */
  alone: boolean;
}

/** An entry of a node's log. Its head may have been erased; of a wholly erased one only the leaf is left. */
export type LoggedEntry =
  | (Statement & { headBytes: Buffer | null; leaf: Buffer; erased: false })
  | { kind: EntryKind; id: string; leaf: Buffer; erased: true };

const KINDS: readonly EntryKind[] = ['request', 'answer', 'tail', 'receipt'];

// An entry is its kind, a byte of flags, the call's id (16 bytes), then the parts that the flags announce.
const LINK = 1;
const HEAD = 2;
const HEAD_DIGEST = 4;
const ERASED = 8;
const ALONE = 64;
const BODY_SHIFT = 4;
const BODY_BITS = 3;
const NONE = 0;
const WHOLE = 1;
const STREAMED = 2;
const DIGEST = 3;

/** Writes entries as they travel: whole bodies inside, streamed ones by the number of their stream. */
export function writeEntries(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const { content, headBytes } = entry;
      const body =
        typeof content === 'number' ? STREAMED : content !== null ? WHOLE : isDigest(entry.body) ? DIGEST : NONE;
      const flags = (headBytes ? HEAD : 0) | (entry.link ? LINK : 0) | (entry.alone ? ALONE : 0) | (body << BODY_SHIFT);
      const parts = [start(entry, flags), entry.salt];
      if (entry.link) parts.push(entry.link);
      if (headBytes) parts.push(number(headBytes.length), headBytes);
      if (typeof content === 'number') parts.push(number(content));
      else if (content !== null) parts.push(number(content.length), content);
      else if (isDigest(entry.body)) parts.push(entry.body.digest, sizeBytes(entry.body.size));
      return parts;
    }),
  );
}

/** Reads entries as they travel. @throws Failure CALLS_MALFORMED, CALLS_TOO_LARGE */
export function readEntries(bytes: Buffer): Entry[] {
  const read = reader(bytes);
  const entries: Entry[] = [];
  while (read.more()) {
    if (entries.length >= LIMITS.entries) throw malformed('batch', 'it has too many entries');
    const { kind, flags, id } = read.start();
    if ((flags & (HEAD_DIGEST | ERASED)) !== 0 || flags >= 2 * ALONE) throw malformed('entry', 'its flags are unknown');
    const salt = read.bytes(32);
    const link = flags & LINK ? read.bytes(32) : null;
    const headBytes = flags & HEAD ? read.sized(LIMITS.headBytes, 'head') : null;
    const mode = (flags >> BODY_SHIFT) & BODY_BITS;
    let body: SignedBody = null;
    let content: Entry['content'] = null;
    if (mode === WHOLE) {
      content = read.sized(LIMITS.wholeBytes, 'body');
      body = { digest: digest(content), size: content.length };
    } else if (mode === STREAMED) {
      content = read.number();
      body = 'streamed';
    } else if (mode === DIGEST) body = { digest: read.bytes(32), size: read.size() };
    const head = headBytes && digest(headBytes);
    const alone = (flags & ALONE) !== 0;
    const entry = { kind, id, salt, link, head, headBytes, body, content, alone };
    demandForm(entry);
    entries.push(entry);
  }
  if (entries.length === 0) throw malformed('batch', 'it is empty');
  if (entries.length > 1 && entries.some(({ alone }) => alone)) throw malformed('batch', 'an entry wants to be alone');
  return entries;
}

/** Each kind has just the parts that mean something in it. */
function demandForm({ kind, link, head, body, content }: Entry): void {
  const isTold = kind === 'request' || kind === 'answer';
  if ((kind === 'request') !== (link === null)) throw malformed(kind, 'its link is wrong');
  if (isTold !== (head !== null)) throw malformed(kind, 'its head is wrong');
  if (isTold && isDigest(body) && content === null) throw malformed(kind, 'its body is missing');
  if (kind === 'tail' && (!isDigest(body) || content !== null)) throw malformed(kind, 'its body is wrong');
  if (kind === 'receipt' && body !== null) throw malformed(kind, 'its body is wrong');
}

/** Writes entries as they are kept: heads as they are, of bodies only digest and size. */
export function keepEntries(entries: readonly (Entry | LoggedEntry)[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if ('erased' in entry && entry.erased) return [start(entry, ERASED), entry.leaf];
      const { link, head, headBytes, body, salt } = entry as Statement & { headBytes: Buffer | null };
      const mode = body === null ? NONE : body === 'streamed' ? STREAMED : DIGEST;
      const headFlag = headBytes ? HEAD : head ? HEAD_DIGEST : 0;
      const parts = [start(entry, (link ? LINK : 0) | headFlag | (mode << BODY_SHIFT)), salt];
      if (link) parts.push(link);
      if (headBytes) parts.push(number(headBytes.length), headBytes);
      else if (head) parts.push(head);
      if (isDigest(body)) parts.push(body.digest, sizeBytes(body.size));
      return parts;
    }),
  );
}

/** Reads entries as they are kept. @throws Failure CALLS_MALFORMED */
export function readKept(bytes: Buffer): LoggedEntry[] {
  const read = reader(bytes);
  const entries: LoggedEntry[] = [];
  while (read.more()) {
    const { kind, flags, id } = read.start();
    if (flags & ERASED) {
      entries.push({ kind, id, leaf: read.bytes(32), erased: true });
      continue;
    }
    const salt = read.bytes(32);
    const link = flags & LINK ? read.bytes(32) : null;
    const headBytes = flags & HEAD ? read.sized(LIMITS.headBytes, 'head') : null;
    const head = headBytes ? digest(headBytes) : flags & HEAD_DIGEST ? read.bytes(32) : null;
    const mode = (flags >> BODY_SHIFT) & BODY_BITS;
    const body: SignedBody =
      mode === NONE ? null : mode === STREAMED ? 'streamed' : { digest: read.bytes(32), size: read.size() };
    const statement = { kind, id, salt, link, head, body };
    entries.push({ ...statement, headBytes, leaf: leafOf(statement), erased: false });
  }
  return entries;
}

/** SHA-256 of bytes. */
export const digest = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

export const malformed = (what: string, reason: string): Failure => new Failure('CALLS_MALFORMED', { what, reason });

const isDigest = (body: SignedBody): body is { digest: Buffer; size: number } => body !== null && body !== 'streamed';

function start({ kind, id }: { kind: EntryKind; id: string }, flags: number): Buffer {
  const bytes = Buffer.allocUnsafe(18);
  bytes[0] = KINDS.indexOf(kind);
  bytes[1] = flags;
  bytes.write(id.replaceAll('-', ''), 2, 16, 'hex');
  return bytes;
}

/** An unsigned 32-bit number, most significant byte first. */
export function number(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sizeBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(value, 0, 6);
  return bytes;
}

/** Reads from bytes and never beyond their end. @throws Failure CALLS_MALFORMED, CALLS_TOO_LARGE */
export function reader(bytes: Buffer) {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw malformed('batch', 'it ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const readNumber = (): number => take(4).readUInt32BE();
  return {
    bytes: take,
    number: readNumber,
    size: (): number => take(6).readUIntBE(0, 6),
    sized(most: number, what: string): Buffer {
      const length = readNumber();
      if (length > most) throw new Failure('CALLS_TOO_LARGE', { what, most });
      return take(length);
    },
    start(): { kind: EntryKind; flags: number; id: string } {
      const [kind = 0, flags = 0] = take(2);
      const hex = take(16).toString('hex');
      const name = KINDS[kind];
      if (name === undefined) throw malformed('entry', 'its kind is unknown');
      return { kind: name, flags, id: uuidOf(hex) };
    },
    rest: (): Buffer => take(bytes.length - at),
    more: (): boolean => at < bytes.length,
  };
}

export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
