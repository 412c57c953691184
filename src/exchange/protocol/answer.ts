import { canonicalJson, isId } from '../../crypto/index.ts';
import type { LeafOpening } from '../../ledger/index.ts';
import type { Failure, Instant, Json } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';
import { isInstant, isObject, malformed, parseCanonical } from './head.ts';
import { ANSWER_LEAF, prefixedHash } from './tree.ts';

/**
 * The receiver's word about one message: received, these digests, at this time, durable; and the promise that the leaf named here is
 * in its ledger within so many seconds. Signed through the envelope of the answer that it stands in.
 */
export interface Receipt {
  message: string;
  /** Hex SHA-256 of the exact bytes of head and body. */
  head: string;
  body: string;
  from: string;
  to: string;
  receivedAt: Instant;
  /** Root of the batch in which it first came. */
  batch: string;
  promise: { origin: string; within: number; leaf: LeafOpening };
}

/** The receiver's word that it did not take a message and never will. */
interface Refusal {
  message: string;
  refused: string;
  at: Instant;
}

export type Answer = Receipt | Refusal;

export function isRefusal(answer: Answer): answer is Refusal {
  return 'refused' in answer;
}

/** The exact bytes of an answer: its canonical JSON. */
export function answerBytes(answer: Answer): Buffer {
  return Buffer.from(canonicalJson(answer as unknown as Json));
}

/** The leaf hash of an answer: SHA-256(0x12 | exact bytes). */
export function answerLeaf(bytes: Uint8Array): Buffer {
  return prefixedHash(ANSWER_LEAF, bytes);
}

/**
 * What the receiver's ledger says about a message; the sender's says the same of its own side under the kind `message-sent`. Both
 * parties can make it from what they hold, nobody else can.
 */
export function ledgerContent(message: {
  message: string;
  head: string;
  body: string;
  from: string;
  to: string;
  at: Instant;
}): { [key: string]: Json } {
  const { at, body, from, head, to } = message;
  return { message: message.message, head, body, from, to, at };
}

const HEX = /^[0-9a-f]{64}$/;

/** Reads an answer from its exact bytes. @throws Failure EXCHANGE_MALFORMED */
export function parseAnswer(bytes: Uint8Array): Answer {
  const value = parseCanonical(bytes, 'answer');
  if (!isObject(value) || typeof value.message !== 'string' || !isId(value.message)) throw wrong('message');
  return 'refused' in value ? demandRefusal(value) : demandReceipt(value);
}

function demandRefusal(value: Record<string, unknown>): Refusal {
  if (Object.keys(value).sort().join() !== 'at,message,refused') throw wrong('?');
  if (typeof value.refused !== 'string' || !/^[A-Z_]{3,64}$/.test(value.refused)) throw wrong('refused');
  if (!isInstant(value.at)) throw wrong('at');
  return value as unknown as Refusal;
}

function demandReceipt(value: Record<string, unknown>): Receipt {
  if (Object.keys(value).sort().join() !== 'batch,body,from,head,message,promise,receivedAt,to') throw wrong('?');
  for (const name of ['head', 'body', 'batch']) if (!HEX.test(String(value[name]))) throw wrong(name);
  for (const name of ['from', 'to']) if (typeof value[name] !== 'string') throw wrong(name);
  if (!isInstant(value.receivedAt)) throw wrong('receivedAt');
  const { promise } = value;
  if (!isObject(promise) || Object.keys(promise).sort().join() !== 'leaf,origin,within') throw wrong('promise');
  const { leaf, origin, within } = promise;
  if (typeof origin !== 'string') throw wrong('promise');
  // A longer time would promise nothing, and no time at all would be broken by everybody.
  if (!Number.isSafeInteger(within) || Number(within) < 1 || Number(within) > LIMITS.promiseSeconds)
    throw wrong('promise');
  if (!isObject(leaf) || Object.keys(leaf).sort().join() !== 'contentDigest,kind,salt') throw wrong('leaf');
  if (leaf.kind !== 'message-received' || !HEX.test(String(leaf.contentDigest)) || typeof leaf.salt !== 'string') {
    throw wrong('leaf');
  }
  return value as unknown as Receipt;
}

const wrong = (member: string): Failure => malformed('answer', `its member ${member} is wrong`);
