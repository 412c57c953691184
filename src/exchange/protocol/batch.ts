import { randomId, type SigningKey } from '../../crypto/index.ts';
import { addMilliseconds, Failure, type Instant } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { LIMITS } from '../limits.ts';
import {
  BATCH_DOMAIN,
  type BatchEnvelope,
  holdsSignature,
  parseBatchEnvelope,
  type SignedEnvelope,
  signEnvelope,
} from './envelope.ts';
import { readBatch, writeBatch } from './frame.ts';
import { type MessageHead, malformed, parseHead } from './head.ts';
import { leafOfMessage, type WireMessage } from './message.ts';
import { BATCH_NODE, rootOf } from './tree.ts';

/** A message whose head was read. */
export interface ReadMessage extends WireMessage {
  parsed: MessageHead;
}

/** A batch as its sender made it or its receiver checked it. */
export interface Batch {
  signed: SignedEnvelope<BatchEnvelope>;
  messages: ReadMessage[];
  /** Leaf hashes, in the order of the messages. */
  leaves: Buffer[];
}

/** Makes and signs a batch. */
export function makeBatch(
  sender: { trust: TrustView & { self: string }; key: SigningKey; now: Instant },
  receiver: string,
  messages: ReadMessage[],
): Batch & { frame: Buffer } {
  const { trust, key, now } = sender;
  const leaves = messages.map((message) => leafOfMessage(message, message.parsed));
  const envelope: BatchEnvelope = {
    id: randomId(),
    union: trust.charter.union,
    sender: trust.self,
    receiver,
    charter: { version: trust.charter.version, digest: trust.charterDigest },
    count: messages.length,
    root: rootOf(leaves, BATCH_NODE).toString('hex'),
    created: now,
    expires: addMilliseconds(now, LIMITS.batchLifeMs),
    key: key.public.id,
  };
  const signed = signEnvelope(BATCH_DOMAIN, envelope, key);
  return { signed, messages, leaves, frame: writeBatch(signed, messages) };
}

/** What a batch is checked against. */
interface BatchChecks {
  trust: TrustView & { self: string };
  /** The state at the other end of the connection, by its certificate. */
  peer: string;
  now: Instant;
  /** Told of the sender's charter; answers whether it is another content of a version that is known here. */
  isCharterFork(sender: string, charter: BatchEnvelope['charter']): Promise<boolean>;
}

/**
 * Reads a batch and checks it, in this order: form and size; the clocks; that it has not expired; that the sender is who the
 * connection says; that it is for us; the charter; the signature by a messages key that the sender's manifest lists for that
 * moment; that the messages are those under the root; that every head agrees with the envelope.
 * @throws Failure EXCHANGE_* about the whole batch: then nothing of it is taken
 */
export async function checkBatch(bytes: Buffer, checks: BatchChecks): Promise<Batch> {
  const { trust, peer } = checks;
  const frame = readBatch(bytes);
  const envelope = parseBatchEnvelope(frame.envelope);
  const signed = { envelope, bytes: frame.envelope, signature: frame.signature };
  demandTimes(envelope, checks);
  const { sender, receiver } = envelope;
  if (envelope.union !== trust.charter.union || sender !== peer)
    throw new Failure('EXCHANGE_WRONG_SENDER', { sender, peer });
  if (receiver !== trust.self) throw new Failure('EXCHANGE_WRONG_RECEIVER', { receiver, self: trust.self });
  if (await checks.isCharterFork(sender, envelope.charter)) {
    throw new Failure('EXCHANGE_CHARTER_FORK', { sender, version: envelope.charter.version });
  }
  demandSignature(signed, trust);
  const messages = frame.messages.map((message) => ({ ...message, parsed: parseHead(message.head) }));
  const leaves = messages.map((message) => leafOfMessage(message, message.parsed));
  if (messages.length !== envelope.count || rootOf(leaves, BATCH_NODE).toString('hex') !== envelope.root) {
    throw new Failure('EXCHANGE_MERKLE_ROOT');
  }
  for (const { parsed, body } of messages) {
    if (parsed.from !== sender || parsed.to !== receiver)
      throw malformed('head', 'it is of another sender or receiver');
    if (body.length > LIMITS.bodyBytes) {
      throw new Failure('EXCHANGE_TOO_LARGE', { what: 'message', size: body.length, most: LIMITS.bodyBytes });
    }
  }
  if (new Set(messages.map(({ parsed }) => parsed.id)).size !== messages.length) {
    throw malformed('batch', 'it has one message twice');
  }
  return { signed, messages, leaves };
}

/** @throws Failure EXCHANGE_CLOCK_SKEW, EXCHANGE_BATCH_EXPIRED, EXCHANGE_MALFORMED */
function demandTimes({ created, expires, sender }: BatchEnvelope, { trust, now }: BatchChecks): void {
  const ahead = Date.parse(created) - Date.parse(now);
  if (ahead > LIMITS.skewMs) throw clockSkew(sender, trust.self, ahead);
  if (Date.parse(expires) - Date.parse(created) > LIMITS.batchLifeMs) throw malformed('envelope', 'it lives too long');
  if (expires <= now) throw new Failure('EXCHANGE_BATCH_EXPIRED', { sender, expires });
}

/** The refusal of a clock that is `ms` milliseconds ahead of ours (negative: behind). */
export function clockSkew(sender: string, receiver: string, ms: number): Failure {
  const seconds = Math.round(ms / 1000);
  return new Failure('EXCHANGE_CLOCK_SKEW', { sender, receiver, seconds, most: LIMITS.skewMs / 1000 });
}

/** @throws Failure EXCHANGE_SIGNATURE */
export function demandSignature(signed: SignedEnvelope<BatchEnvelope>, trust: TrustView): void {
  const { sender, key, created } = signed.envelope;
  let reason = 'the signature does not match';
  try {
    if (holdsSignature(BATCH_DOMAIN, signed, trust.key(sender, 'messages', key, created))) return;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reason = error.code;
  }
  throw new Failure('EXCHANGE_SIGNATURE', { sender, reason });
}
