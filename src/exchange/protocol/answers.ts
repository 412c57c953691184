import type { SigningKey } from '../../crypto/index.ts';
import { Failure, type Instant } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { type Answer, answerBytes, answerLeaf, parseAnswer } from './answer.ts';
import type { Batch } from './batch.ts';
import {
  ANSWER_DOMAIN,
  type AnswerEnvelope,
  holdsSignature,
  parseAnswerEnvelope,
  type SignedEnvelope,
  signEnvelope,
} from './envelope.ts';
import { readAnswers, writeAnswers } from './frame.ts';
import { ANSWER_NODE, rootOf } from './tree.ts';

/** All answers to one batch, in the order of its messages. */
export interface Answers {
  signed: SignedEnvelope<AnswerEnvelope>;
  answers: Answer[];
  /** The exact bytes of each, and their leaf hashes. */
  exact: Buffer[];
  leaves: Buffer[];
}

/** Makes and signs the answer to a batch. What it says must be durable before this leaves the node. */
export function makeAnswers(
  receiver: { trust: TrustView & { self: string }; key: SigningKey; now: Instant },
  batch: Batch,
  answers: Answer[],
): Buffer {
  const { trust, key, now } = receiver;
  const exact = answers.map(answerBytes);
  const { envelope } = batch.signed;
  const signed = signEnvelope(
    ANSWER_DOMAIN,
    {
      union: envelope.union,
      from: trust.self,
      to: envelope.sender,
      batch: { id: envelope.id, root: envelope.root },
      count: answers.length,
      root: rootOf(exact.map(answerLeaf), ANSWER_NODE).toString('hex'),
      created: now,
      key: key.public.id,
    },
    key,
  );
  return writeAnswers(signed, exact);
}

/**
 * Reads the answer to a batch that was sent, and checks it: for exactly this batch, from its receiver to us, signed by a messages
 * key that the receiver's manifest lists, one part for each message, in order.
 * @throws Failure EXCHANGE_ANSWER, EXCHANGE_MALFORMED
 */
export function checkAnswers(bytes: Buffer, batch: Batch, trust: TrustView): Answers {
  const frame = readAnswers(bytes);
  const envelope = parseAnswerEnvelope(frame.envelope);
  const sent = batch.signed.envelope;
  const peer = sent.receiver;
  const refuse = (reason: string): Failure => new Failure('EXCHANGE_ANSWER', { peer, reason });
  if (envelope.union !== sent.union || envelope.from !== peer || envelope.to !== sent.sender) {
    throw refuse('it is of another state');
  }
  if (envelope.batch.id !== sent.id || envelope.batch.root !== sent.root) throw refuse('it is about another batch');
  const signed = { envelope, bytes: frame.envelope, signature: frame.signature };
  if (!isSignedBy(signed, trust)) throw refuse('it is not signed by a messages key of its manifest');
  const leaves = frame.answers.map(answerLeaf);
  if (leaves.length !== sent.count || envelope.count !== sent.count) throw refuse('it has another number of parts');
  if (rootOf(leaves, ANSWER_NODE).toString('hex') !== envelope.root) throw refuse('its parts are not under its root');
  const answers = frame.answers.map(parseAnswer);
  answers.forEach((answer, index) => {
    if (answer.message !== batch.messages[index]?.parsed.id) throw refuse('its parts are not in order');
  });
  return { signed, answers, exact: frame.answers, leaves };
}

/** Whether an answer's envelope is signed by a messages key that its state listed for that moment. */
export function isSignedBy(signed: SignedEnvelope<AnswerEnvelope>, trust: TrustView): boolean {
  const { from, key, created } = signed.envelope;
  try {
    return holdsSignature(ANSWER_DOMAIN, signed, trust.key(from, 'messages', key, created));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
