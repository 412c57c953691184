import { canonicalJson, fromBase64Url, isId } from '../../crypto/index.ts';
import { ledgerTrustOf } from '../../exchange/index.ts';
import { verifyInclusion } from '../../ledger/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { demandSignature, type Envelope, readEnvelope } from '../protocol/batch.ts';
import { digest } from '../protocol/entries.ts';
import {
  type EntryKind,
  holdsPath,
  leafOf,
  loggedText,
  nodeText,
  type PathStep,
  type SignedBody,
} from '../protocol/statement.ts';
import type { FileStep, StatementEvidence } from './types.ts';

/** What a file proves of a call. */
export interface VerifiedCall {
  call: string;
  /** The state that asked, and the one that was asked. */
  from: string;
  to: string;
  request: VerifiedStatement;
  /** Undefined: no answer stands in the log of who made the file. */
  answer: VerifiedStatement | undefined;
  /** When the asking node signed that it had received the answer. */
  receivedAt: Instant | undefined;
}

export interface VerifiedStatement {
  /** When its batch was signed, by its signer's clock. */
  at: Instant;
  /** Exact bytes. */
  head: Buffer;
  /** Hex digest and size of the body; null where there was none, undefined where it did not come to its end. */
  body: { digest: string; size: number } | null | undefined;
  /** Its place in the ledger of the node that made the file, and how many other states saw it there; undefined while it is not sequenced. */
  ledger: { index: number; witnessed: number } | undefined;
}

/**
 * Verifies the content of a `call` file under a view of the union (of `openFile`). Every part counts: each statement is signed by who
 * must have made it, stands under the root that was signed, names the statement that it answers to, and is logged; one that is missing,
 * twice, out of its order or beside the call is refused.
 * @throws Failure CALLS_FILE with the reason; CALLS_SIGNATURE, CALLS_MALFORMED, UNION_KEY_*
 * @example const { request, answer } = await verifyCallFile(opened.content, opened.trust)
 */
export async function verifyCallFile(content: Json, trust: TrustView, sealedBy: string): Promise<VerifiedCall> {
  const { call, node, statements } = exactly(content, ['call', 'node', 'statements']);
  if (typeof call !== 'string' || !isId(call)) throw wrong('the id of the call is malformed');
  if (node !== sealedBy) throw wrong('it is sealed by another node than the one whose log it is from');
  if (!Array.isArray(statements)) throw wrong('it has no statements');
  const parts: Checked[] = [];
  for (const one of statements) parts.push(await checkStatement(one, call, sealedBy, trust));
  return told(call, sealedBy, parts);
}

interface Checked {
  kind: EntryKind;
  leaf: string;
  link: string | null;
  head: Buffer | null;
  body: SignedBody;
  envelope: Envelope;
  ledger: VerifiedStatement['ledger'];
}

/** Holds the order of the statements: request, its tail, answer, its tail, receipt; each by the side that must have made it. */
function told(call: string, node: string, parts: Checked[]): VerifiedCall {
  const rest = [...parts];
  const take = (kind: EntryKind, signer: string | undefined, link: string | null): Checked | undefined => {
    const [next] = rest;
    if (next === undefined || next.kind !== kind) return undefined;
    if (signer !== undefined && next.envelope.sender !== signer) throw wrong(`its ${kind} is of the wrong side`);
    if (next.link !== link) throw wrong(`its ${kind} belongs to something else`);
    return rest.shift();
  };
  const request = take('request', undefined, null);
  if (request === undefined) throw wrong('it does not begin with a request');
  const { sender: from, receiver: to } = request.envelope;
  if (node !== from && node !== to) throw wrong('it is of no party to the call');
  const upload = request.body === 'streamed' ? take('tail', from, request.leaf) : undefined;
  const answer = take('answer', to, request.leaf);
  const download = answer?.body === 'streamed' ? take('tail', to, answer.leaf) : undefined;
  const receipt = answer === undefined ? undefined : take('receipt', from, answer.leaf);
  if (receipt !== undefined && answer?.body === 'streamed' && download === undefined)
    throw wrong('an answer was received whole, and what was signed of its body is missing');
  if (rest.length > 0) throw wrong('it has a statement that is twice, out of order, or of no use');
  const shown = (statement: Checked, tail: Checked | undefined): VerifiedStatement => ({
    at: statement.envelope.created,
    head: statement.head as Buffer,
    body: bodyOf(statement.body, tail),
    ledger: statement.ledger,
  });
  return {
    call,
    from,
    to,
    request: shown(request, upload),
    answer: answer && shown(answer, download),
    receivedAt: receipt?.envelope.created,
  };
}

function bodyOf(body: SignedBody, tail: Checked | undefined): VerifiedStatement['body'] {
  const signed = body === 'streamed' ? tail?.body : body;
  if (signed === undefined || signed === 'streamed') return undefined;
  return signed === null ? null : { digest: signed.digest.toString('hex'), size: signed.size };
}

const MEMBERS = ['batch', 'body', 'head', 'kind', 'link', 'logged', 'salt'];

async function checkStatement(value: unknown, call: string, node: string, trust: TrustView): Promise<Checked> {
  const one = exactly(value, MEMBERS) as unknown as StatementEvidence;
  const { kind } = one;
  const isTold = kind === 'request' || kind === 'answer';
  if (!isTold && kind !== 'tail' && kind !== 'receipt') throw wrong('a statement is of an unknown kind');
  const head = one.head === null ? null : decoded(one.head);
  const link = one.link === null ? null : hex(one.link);
  const body = bodyIn(one.body);
  if (isTold !== (head !== null) || (kind === 'request') !== (link === null))
    throw wrong('a statement has not its parts');
  if (kind === 'tail' && (body === null || body === 'streamed')) throw wrong('a tail has no digest');
  if (kind === 'receipt' && body !== null) throw wrong('a receipt has a body');
  const statement = { kind, id: call, link, head: head && digest(head), body, salt: hex(one.salt) };
  const leaf = leafOf(statement);
  const { bytes, envelope, signature } = checkBatch(one.batch, leaf, trust);
  const ledger = await checkLogged(one.logged, { bytes, signature, envelope, node }, trust);
  return { kind, leaf: leaf.toString('hex'), link: one.link, head, body, envelope, ledger };
}

function checkBatch(value: unknown, leaf: Buffer, trust: TrustView) {
  const { envelope: said, signature: text, place, path } = exactly(value, ['envelope', 'path', 'place', 'signature']);
  const bytes = Buffer.from(canonicalJson(said as Json));
  const envelope = readEnvelope(bytes);
  if (envelope.union !== trust.charter.union) throw wrong('a batch is of another union');
  const signature = decoded(text);
  demandSignature({ envelope, bytes, signature }, trust);
  demandPath({ leaf, place, count: envelope.count, path, root: envelope.root });
  return { bytes, envelope, signature };
}

async function checkLogged(
  value: unknown,
  batch: { bytes: Buffer; signature: Buffer; envelope: Envelope; node: string },
  trust: TrustView,
): Promise<VerifiedStatement['ledger']> {
  const logged = exactly(value, [
    'at',
    'count',
    'direction',
    'path',
    'place',
    'proof',
  ]) as unknown as StatementEvidence['logged'];
  const { direction, at, place, count, path, proof } = logged;
  const { sender, receiver } = batch.envelope;
  if ((direction !== 'out' || sender !== batch.node) && (direction !== 'in' || receiver !== batch.node))
    throw wrong('a batch was logged by no party to it');
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) throw wrong('the time of a log is malformed');
  const member = digest(Buffer.from(loggedText({ direction, at, envelope: batch.bytes, signature: batch.signature })));
  if (proof === null) {
    // Nothing can be held against a ledger yet, so nothing may be said of one.
    if (!Array.isArray(path)) throw wrong('a path is malformed');
    return undefined;
  }
  const root = climb(member, place, count, path);
  const { leaf } = exactly(proof, ['checkpoint', 'index', 'leaf', 'origin', 'path', 'size']);
  exactly(leaf, ['contentDigest', 'kind', 'salt']);
  const content = { calls: root, count };
  const trusted = ledgerTrustOf(trust, batch.node, proof.origin);
  const result = await verifyInclusion(proof, { ...trusted, quorum: 0, content, kind: 'calls' });
  if (!result.verified) throw wrong(`a ledger proof does not hold: ${result.code}`);
  return { index: result.index, witnessed: result.witnessed };
}

/** The root that steps lead to, hex: what the ledger says must be it. */
function climb(leaf: Buffer, place: unknown, count: unknown, path: unknown): string {
  const steps = stepsIn(path);
  const root = rootBy(leaf, steps);
  demandPath({ leaf, place, count, path, root });
  return root;
}

function rootBy(leaf: Buffer, steps: readonly PathStep[]): string {
  let hashed = leaf;
  for (const { side, hash } of steps)
    hashed = digest(Buffer.from(side === 'left' ? nodeText(hash, hashed) : nodeText(hashed, hash)));
  return hashed.toString('hex');
}

function demandPath(proof: { leaf: Buffer; place: unknown; count: unknown; path: unknown; root: string }): void {
  const { leaf, place, count, root } = proof;
  if (typeof place !== 'number' || typeof count !== 'number') throw wrong('a place is malformed');
  if (!holdsPath({ leaf, place, count, path: stepsIn(proof.path), root: hex(root) }))
    throw wrong('a path does not lead to the signed root');
}

function stepsIn(value: unknown): PathStep[] {
  if (!Array.isArray(value) || value.length > 32) throw wrong('a path is malformed');
  return value.map((one: unknown) => {
    const { side, hash } = exactly(one, ['hash', 'side']) as unknown as FileStep;
    if (side !== 'left' && side !== 'right') throw wrong('a path is malformed');
    return { side, hash: hex(hash) };
  });
}

function bodyIn(value: unknown): SignedBody {
  if (value === null || value === 'streamed') return value;
  const { digest: said, size } = exactly(value, ['digest', 'size']);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw wrong('the size of a body is malformed');
  return { digest: hex(said), size: size as number };
}

function exactly(value: unknown, members: readonly string[]): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).sort().join() !== [...members].sort().join())
    throw wrong(`a part has not exactly the members ${[...members].sort().join(', ')}`);
  return value as Record<string, unknown>;
}

function hex(value: unknown): Buffer {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw wrong('a digest or salt is malformed');
  return Buffer.from(value, 'hex');
}

function decoded(value: unknown): Buffer {
  try {
    return fromBase64Url(String(value));
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw wrong('a head or a signature is not base64url');
  }
}

const wrong = (reason: string): Failure => new Failure('CALLS_FILE', { reason });
