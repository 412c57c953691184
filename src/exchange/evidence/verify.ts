import { canonicalJson, fromBase64Url, sha256 } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { type CheckedProof, checkProof } from '../proofs/check.ts';
import { answerBytes, answerLeaf, isRefusal, ledgerContent, parseAnswer, type Receipt } from '../protocol/answer.ts';
import { isSignedBy } from '../protocol/answers.ts';
import { demandSignature } from '../protocol/batch.ts';
import { parseAnswerEnvelope, parseBatchEnvelope } from '../protocol/envelope.ts';
import { headBytes, isObject, type MessageHead } from '../protocol/head.ts';
import { messageLeaf } from '../protocol/message.ts';
import { ANSWER_NODE, BATCH_NODE, holdsPath } from '../protocol/tree.ts';
import type { MessageEvidence, SignedPlace } from './types.ts';

/** What a file proves about one message. */
export interface VerifiedMessage {
  head: MessageHead;
  bodyDigest: string;
  /** When its receiver says it came. */
  receivedAt: Instant;
  /** The receipt itself. */
  receipt: Receipt;
  /** What each side's ledger proves; undefined where the file has no proof of it yet. */
  ledger: { sent?: CheckedProof; received?: CheckedProof };
}

/**
 * Verifies the content of a `transaction` file under a view of the union (of `openFile`): every signature, every path, every digest, both
 * ledgers' proofs. Every member counts; one too many is refused.
 * @throws Failure EXCHANGE_FILE with the reason; EXCHANGE_MALFORMED, UNION_KEY_*
 * @example const { messages } = await verifyTransactionFile(opened.content, opened.trust)
 */
export async function verifyTransactionFile(content: Json, trust: TrustView): Promise<{ messages: VerifiedMessage[] }> {
  const { messages } = exactly(content, ['messages']);
  if (!Array.isArray(messages) || messages.length === 0) throw wrong('it has no message');
  const verified: VerifiedMessage[] = [];
  for (const message of messages) {
    if (!isObject(message) || !('body' in message)) throw wrong('the body of a message is missing');
    verified.push(await verifyMessage(message, trust));
  }
  const [first] = verified as [VerifiedMessage];
  const ids = new Set(verified.map(({ head }) => head.id));
  if (ids.size !== verified.length) throw wrong('a message stands in it twice');
  if (verified.length > 1 && !first.head.transaction) throw wrong('its messages are of no transaction');
  if (verified.some(({ head }) => head.transaction?.id !== first.head.transaction?.id)) {
    throw wrong('its messages are of several transactions');
  }
  return { messages: verified };
}

/** Verifies the content of a `receipt` file. @throws Failure EXCHANGE_FILE, EXCHANGE_MALFORMED, UNION_KEY_* */
export async function verifyReceiptFile(content: Json, trust: TrustView): Promise<VerifiedMessage> {
  const { message } = exactly(content, ['message']);
  if (!isObject(message) || 'body' in message) throw wrong('a receipt file has no body');
  return verifyMessage(message, trust);
}

const MEMBERS = ['batch', 'bodyDigest', 'head', 'ledger', 'receipt', 'salt'];

async function verifyMessage(value: Record<string, unknown>, trust: TrustView): Promise<VerifiedMessage> {
  const evidence = exactly(value, 'body' in value ? [...MEMBERS, 'body'] : MEMBERS) as unknown as MessageEvidence;
  const { head, bodyDigest } = evidence;
  const exactHead = headBytes(head);
  if (!/^[0-9a-f]{64}$/.test(String(bodyDigest))) throw wrong('a digest is malformed');
  if ('body' in value && sha256(canonicalJson(evidence.body as Json)).toString('hex') !== bodyDigest) {
    throw wrong('the body is another than the one that was signed');
  }
  const headDigest = sha256(exactHead);
  demandBatch(evidence, headDigest, trust);
  const receipt = demandReceipt(evidence, headDigest.toString('hex'), trust);
  return {
    head,
    bodyDigest,
    receivedAt: receipt.receivedAt,
    receipt,
    ledger: await demandProofs(evidence, headDigest.toString('hex'), receipt, trust),
  };
}

/** The sender's signature: over the root of a batch in which the message has this place. */
function demandBatch({ head, bodyDigest, salt, batch }: MessageEvidence, headDigest: Buffer, trust: TrustView): void {
  exactly(batch, ['envelope', 'path', 'place', 'signature']);
  const bytes = Buffer.from(canonicalJson(batch.envelope as unknown as Json));
  const envelope = parseBatchEnvelope(bytes);
  if (envelope.sender !== head.from || envelope.receiver !== head.to || envelope.union !== trust.charter.union) {
    throw wrong('the batch is of other states');
  }
  demandSignature({ envelope, bytes, signature: decoded(batch.signature) }, trust);
  const saltBytes = decoded(salt);
  if (saltBytes.length !== 32) throw wrong('a salt has not 32 bytes');
  const leaf = messageLeaf({
    salt: saltBytes,
    type: head.type,
    headDigest,
    bodyDigest: Buffer.from(bodyDigest, 'hex'),
    id: head.id,
  });
  demandPath(batch, leaf, envelope, BATCH_NODE);
}

/** The receiver's signature: over the root of an answer in which the receipt has this place. */
function demandReceipt({ head, bodyDigest, receipt }: MessageEvidence, headDigest: string, trust: TrustView): Receipt {
  exactly(receipt, ['answer', 'envelope', 'path', 'place', 'signature']);
  const bytes = Buffer.from(canonicalJson(receipt.envelope as unknown as Json));
  const envelope = parseAnswerEnvelope(bytes);
  if (envelope.from !== head.to || envelope.to !== head.from || envelope.union !== trust.charter.union) {
    throw wrong('the receipt is of other states');
  }
  if (!isSignedBy({ envelope, bytes, signature: decoded(receipt.signature) }, trust)) {
    throw wrong('the receipt is not signed by a key of its state');
  }
  const exact = answerBytes(receipt.answer);
  const answer = parseAnswer(exact);
  demandPath(receipt, answerLeaf(exact), envelope, ANSWER_NODE);
  if (isRefusal(answer)) throw wrong('the message was refused');
  const isOfMessage = answer.message === head.id && answer.head === headDigest && answer.body === bodyDigest;
  if (!isOfMessage || answer.from !== head.from || answer.to !== head.to)
    throw wrong('the receipt is of another message');
  return answer;
}

async function demandProofs(
  { head, bodyDigest, ledger }: MessageEvidence,
  headDigest: string,
  receipt: Receipt,
  trust: TrustView,
): Promise<VerifiedMessage['ledger']> {
  exactly(ledger, ['received', 'sent']);
  const base = { message: head.id, head: headDigest, body: bodyDigest, from: head.from, to: head.to };
  const verified: VerifiedMessage['ledger'] = {};
  if (ledger.sent) {
    const content = ledgerContent({ ...base, at: head.created });
    demandProofForm(ledger.sent);
    verified.sent = await checkProof(ledger.sent, { state: head.from, kind: 'message-sent', content }, trust);
  }
  if (ledger.received) {
    demandProofForm(ledger.received);
    const { leaf } = receipt.promise;
    if (ledger.received.leaf.salt !== leaf.salt)
      throw wrong('the ledger proof is not of the leaf that the receipt promised');
    const content = ledgerContent({ ...base, at: receipt.receivedAt });
    verified.received = await checkProof(ledger.received, { state: head.to, kind: 'message-received', content }, trust);
  }
  return verified;
}

function demandProofForm(proof: object): void {
  const { leaf } = exactly(proof, ['checkpoint', 'index', 'leaf', 'origin', 'path', 'size']);
  exactly(leaf, ['contentDigest', 'kind', 'salt']);
}

function demandPath(
  placed: Pick<SignedPlace<unknown>, 'place' | 'path'>,
  leaf: Buffer,
  { root, count }: { root: string; count: number },
  nodePrefix: number,
): void {
  const { place, path } = placed;
  if (!Array.isArray(path) || path.some((hash) => !/^[0-9a-f]{64}$/.test(String(hash))))
    throw wrong('a path is malformed');
  const proof = {
    leaf,
    position: place,
    count,
    path: path.map((hash) => Buffer.from(hash, 'hex')),
    root: Buffer.from(root, 'hex'),
  };
  if (!holdsPath(proof, nodePrefix)) throw wrong('a path does not lead to the signed root');
}

function exactly(value: unknown, members: string[]): Record<string, unknown> {
  if (!isObject(value) || Object.keys(value).sort().join() !== [...members].sort().join()) {
    throw wrong(`a part has not exactly the members ${[...members].sort().join(', ')}`);
  }
  return value;
}

function decoded(text: unknown): Buffer {
  try {
    return fromBase64Url(String(text));
  } catch {
    throw wrong('a signature or salt is not base64url');
  }
}

const wrong = (reason: string): Failure => new Failure('EXCHANGE_FILE', { reason });
