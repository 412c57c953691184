import { LIMITS } from '../limits.ts';
import type { SignedEnvelope } from './envelope.ts';
import { malformed } from './head.ts';
import type { WireMessage } from './message.ts';

/** Media types of the two frames. */
export const BATCH_TYPE = 'application/vnd.commonway.batch';
export const ANSWER_TYPE = 'application/vnd.commonway.receipts';

const BATCH_MAGIC = Buffer.from('CWB1');
const ANSWER_MAGIC = Buffer.from('CWR1');
const SALT_BYTES = 32;

/** An envelope and what follows it, as bytes. */
interface BatchFrame {
  envelope: Buffer;
  signature: Buffer;
  messages: WireMessage[];
}

interface AnswerFrame {
  envelope: Buffer;
  signature: Buffer;
  answers: Buffer[];
}

/**
 * A batch as bytes: "CWB1", then length and bytes of the envelope and of its signature, then for each message its salt (32
 * bytes) and length and bytes of head and body. Lengths are unsigned 32-bit numbers, most significant byte first.
 */
export function writeBatch(signed: SignedEnvelope<unknown>, messages: readonly WireMessage[]): Buffer {
  const parts: Uint8Array[] = [BATCH_MAGIC, ...sized(signed.bytes), ...sized(signed.signature)];
  for (const { salt, head, body } of messages) parts.push(salt, ...sized(head), ...sized(body));
  return Buffer.concat(parts);
}

/** The bytes that a message adds to a batch. */
export function sizeInBatch(message: { head: Uint8Array; bodyBytes: number }): number {
  return SALT_BYTES + 8 + message.head.length + message.bodyBytes;
}

/** Reads a batch's frame; nothing in it is believed by that. @throws Failure EXCHANGE_MALFORMED */
export function readBatch(bytes: Buffer): BatchFrame {
  const read = reader(bytes, BATCH_MAGIC, 'batch');
  const envelope = read.sized();
  const signature = read.sized();
  const messages: WireMessage[] = [];
  while (read.more()) {
    if (messages.length >= LIMITS.messages) throw malformed('batch', 'it has too many messages');
    messages.push({ salt: read.bytes(SALT_BYTES), head: read.sized(), body: read.sized() });
  }
  return { envelope, signature, messages };
}

/** The answer as bytes: "CWR1", envelope, signature, then length and bytes of each answer. */
export function writeAnswers(signed: SignedEnvelope<unknown>, answers: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [ANSWER_MAGIC, ...sized(signed.bytes), ...sized(signed.signature)];
  for (const answer of answers) parts.push(...sized(answer));
  return Buffer.concat(parts);
}

/** Reads an answer's frame. @throws Failure EXCHANGE_MALFORMED */
export function readAnswers(bytes: Buffer): AnswerFrame {
  const read = reader(bytes, ANSWER_MAGIC, 'answer');
  const envelope = read.sized();
  const signature = read.sized();
  const answers: Buffer[] = [];
  while (read.more()) {
    if (answers.length >= LIMITS.messages) throw malformed('answer', 'it has too many parts');
    answers.push(read.sized());
  }
  return { envelope, signature, answers };
}

function sized(bytes: Uint8Array): Uint8Array[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

function reader(bytes: Buffer, magic: Buffer, what: string) {
  if (!bytes.subarray(0, 4).equals(magic)) throw malformed(what, 'it does not begin as one');
  let at = 4;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw malformed(what, 'it ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  return {
    bytes: take,
    sized: (): Buffer => take(take(4).readUInt32BE()),
    more: (): boolean => at < bytes.length,
  };
}
