import { digestHex, toBase64Url } from '../../crypto/index.ts';
import type { InclusionProof } from '../../ledger/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import type { ExchangeContext } from '../context.ts';
import { receiptFor } from '../incoming/take.ts';
import { ownProof } from '../proofs/serve.ts';
import { type Answer, answerBytes, answerLeaf } from '../protocol/answer.ts';
import { ANSWER_DOMAIN, type AnswerEnvelope, type BatchEnvelope, signEnvelope } from '../protocol/envelope.ts';
import type { MessageHead } from '../protocol/head.ts';
import { ANSWER_NODE, BATCH_NODE, pathOf } from '../protocol/tree.ts';
import type { MessageEvidence, SignedPlace } from './types.ts';

interface Row {
  head: Buffer;
  body: Buffer | null;
  salt: Buffer | null;
  body_digest: Buffer;
  leaf: string;
  place: number | null;
  peer_proof: InclusionProof | null;
  envelope: Buffer | null;
  signature: Buffer | null;
  leaves: Buffer | null;
}

interface SentRow extends Row {
  receipt: Buffer | null;
  answer: Buffer | null;
  answer_signature: Buffer | null;
  answer_leaves: Buffer | null;
}

interface ReceivedRow extends Row {
  received_at: Instant;
  leaf_salt: string;
}

/**
 * Gathers the evidence of one message from this node's rows: as its sender where it sent it, else as its receiver.
 * @throws Failure EXCHANGE_MESSAGE_UNKNOWN for one that is not here or was not received yet, EXCHANGE_MESSAGE_ERASED
 */
export async function collectEvidence(
  ctx: ExchangeContext,
  id: string,
  options: { body: boolean },
): Promise<MessageEvidence> {
  return (await collectSent(ctx, id, options.body)) ?? (await collectReceived(ctx, id, options.body)) ?? unknown(id);
}

async function collectSent(ctx: ExchangeContext, id: string, withBody: boolean): Promise<MessageEvidence | undefined> {
  const [row] = await ctx.db.query<SentRow>(
    `select m.head, m.body, m.salt, m.body_digest, m.leaf, m.place, m.peer_proof, m.receipt, e.envelope, e.signature, e.leaves,
       e.answer, e.answer_signature, e.answer_leaves
     from exchange_sent m join exchange_envelope e on e.id = m.batch and e.direction = 'out'
     where m.id = $1 and m.receipt is not null`,
    [id],
  );
  if (!row?.receipt || !row.answer || !row.answer_signature || !row.answer_leaves) return undefined;
  const place = row.place ?? 0;
  const receipt = {
    answer: JSON.parse(row.receipt.toString()) as Answer,
    ...placed<AnswerEnvelope>(row.answer, row.answer_signature, row.answer_leaves, place, ANSWER_NODE),
  };
  const sent = (await ownProof(ctx, row.leaf)) ?? null;
  return { ...common(row, id, withBody), receipt, ledger: { sent, received: row.peer_proof } };
}

/** The receiver signs its receipt once more, alone: it says the same as the one that it gave. */
async function collectReceived(
  ctx: ExchangeContext,
  id: string,
  withBody: boolean,
): Promise<MessageEvidence | undefined> {
  const [row] = await ctx.db.query<ReceivedRow>(
    `select m.head, m.body, m.salt, m.body_digest, m.leaf, m.place, m.peer_proof, m.received_at, m.leaf_salt,
       e.envelope, e.signature, e.leaves
     from exchange_received m join exchange_envelope e on e.id = m.batch and e.direction = 'in' where m.id = $1`,
    [id],
  );
  if (!row?.envelope) return undefined;
  const evidence = common(row, id, withBody);
  const { id: batchId, root, union } = evidence.batch.envelope;
  const digests = { head: digestHex(row.head), body: evidence.bodyDigest };
  const received = { receivedAt: row.received_at, batch: root, salt: row.leaf_salt };
  const answer = receiptFor(ctx, evidence.head, digests, received);
  const leaf = answerLeaf(answerBytes(answer));
  const envelope: AnswerEnvelope = {
    union,
    from: ctx.trust.self,
    to: evidence.head.from,
    batch: { id: batchId, root },
    count: 1,
    root: leaf.toString('hex'),
    created: ctx.clock.now(),
    key: ctx.keys.messages.public.id,
  };
  const { bytes, signature } = signEnvelope(ANSWER_DOMAIN, envelope, ctx.keys.messages);
  const receipt = { answer, ...placed<AnswerEnvelope>(bytes, signature, leaf, 0, ANSWER_NODE) };
  const own = (await ownProof(ctx, row.leaf)) ?? null;
  return { ...evidence, receipt, ledger: { sent: row.peer_proof, received: own } };
}

function common(
  row: Row,
  id: string,
  withBody: boolean,
): Pick<MessageEvidence, 'head' | 'body' | 'bodyDigest' | 'salt' | 'batch'> {
  if (!row.salt || !row.body) throw new Failure('EXCHANGE_MESSAGE_ERASED', { message: id });
  if (!row.envelope || !row.signature || !row.leaves) return unknown(id);
  return {
    head: JSON.parse(row.head.toString()) as MessageHead,
    bodyDigest: row.body_digest.toString('hex'),
    ...(withBody ? { body: JSON.parse(row.body.toString()) as Json } : {}),
    salt: toBase64Url(row.salt),
    batch: placed<BatchEnvelope>(row.envelope, row.signature, row.leaves, row.place ?? 0, BATCH_NODE),
  };
}

function placed<E>(
  envelope: Buffer,
  signature: Buffer,
  leaves: Buffer,
  place: number,
  nodePrefix: number,
): SignedPlace<E> {
  const hashes: Buffer[] = [];
  for (let at = 0; at < leaves.length; at += 32) hashes.push(leaves.subarray(at, at + 32));
  return {
    envelope: JSON.parse(envelope.toString()) as E,
    signature: toBase64Url(signature),
    place,
    path: pathOf(hashes, place, nodePrefix).map((hash) => hash.toString('hex')),
  };
}

function unknown(id: string): never {
  throw new Failure('EXCHANGE_MESSAGE_UNKNOWN', { message: id.slice(0, 40) });
}
