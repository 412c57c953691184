import { canonicalJson, isId, type PublicKey, type SigningKey, signBytes, verifyBytes } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';
import { isInstant, isObject, malformed, parseCanonical } from './head.ts';

/** What the sender signs once for all messages of a batch; its exact bytes are the canonical JSON of this. */
export interface BatchEnvelope {
  id: string;
  union: string;
  sender: string;
  receiver: string;
  /** The charter that the sender works under. */
  charter: { version: number; digest: string };
  count: number;
  /** Root over the messages' leaves, hex. */
  root: string;
  created: Instant;
  expires: Instant;
  /** Id of the sender's messages key. */
  key: string;
}

/** What the receiver signs once for all answers to a batch. */
export interface AnswerEnvelope {
  union: string;
  /** The state that answers, and the one it answers to. */
  from: string;
  to: string;
  /** Id and root of the batch that is answered. */
  batch: { id: string; root: string };
  count: number;
  /** Root over the answers' leaves, hex. */
  root: string;
  created: Instant;
  /** Id of the answering state's messages key. */
  key: string;
}

export const BATCH_DOMAIN = 'commonway/batch/1';
export const ANSWER_DOMAIN = 'commonway/receipts/1';

type Domain = typeof BATCH_DOMAIN | typeof ANSWER_DOMAIN;
type EnvelopeOf<D extends Domain> = D extends typeof BATCH_DOMAIN ? BatchEnvelope : AnswerEnvelope;

/** An envelope with the bytes that were signed and the signature over them. */
export interface SignedEnvelope<E> {
  envelope: E;
  bytes: Buffer;
  signature: Buffer;
}

/** Signs an envelope: the signature covers utf8(domain) | 0x00 | canonical JSON. */
export function signEnvelope<D extends Domain>(
  domain: D,
  envelope: EnvelopeOf<D>,
  key: SigningKey,
): SignedEnvelope<EnvelopeOf<D>> {
  const bytes = Buffer.from(canonicalJson(envelope as unknown as Json));
  return { envelope, bytes, signature: Buffer.from(signBytes(key, domain, bytes)) };
}

/** Whether an envelope is signed by this key for this use. Whose key it is must come from the reader's own manifests. */
export function holdsSignature<E>(domain: Domain, signed: SignedEnvelope<E>, key: PublicKey): boolean {
  return verifyBytes(key, domain, signed.bytes, signed.signature);
}

const HEX = /^[0-9a-f]{64}$/;
const BATCH_MEMBERS = 'charter,count,created,expires,id,key,receiver,root,sender,union';
const ANSWER_MEMBERS = 'batch,count,created,from,key,root,to,union';

/** Reads a batch envelope from its exact bytes. @throws Failure EXCHANGE_MALFORMED, EXCHANGE_TOO_LARGE */
export function parseBatchEnvelope(bytes: Uint8Array): BatchEnvelope {
  const value = membersOf(bytes, BATCH_MEMBERS);
  const envelope = value as unknown as BatchEnvelope;
  const { charter } = envelope;
  if (!isObject(charter) || Object.keys(charter).sort().join() !== 'digest,version') throw wrong('charter');
  if (!HEX.test(String(charter.digest)) || !isCount(charter.version)) throw wrong('charter');
  if (!isId(String(envelope.id))) throw wrong('id');
  demandCommon(value, ['union', 'sender', 'receiver', 'key']);
  if (!isInstant(envelope.expires)) throw wrong('expires');
  if (envelope.count > LIMITS.messages) {
    throw new Failure('EXCHANGE_TOO_LARGE', {
      what: 'batch',
      size: `${envelope.count} messages`,
      most: LIMITS.messages,
    });
  }
  return envelope;
}

/** Reads an answer envelope from its exact bytes. @throws Failure EXCHANGE_MALFORMED */
export function parseAnswerEnvelope(bytes: Uint8Array): AnswerEnvelope {
  const value = membersOf(bytes, ANSWER_MEMBERS);
  const { batch } = value;
  if (!isObject(batch) || Object.keys(batch).sort().join() !== 'id,root') throw wrong('batch');
  if (!isId(String(batch.id)) || !HEX.test(String(batch.root))) throw wrong('batch');
  demandCommon(value, ['union', 'from', 'to', 'key']);
  return value as unknown as AnswerEnvelope;
}

function membersOf(bytes: Uint8Array, members: string): Record<string, unknown> {
  const value = parseCanonical(bytes, 'envelope');
  if (!isObject(value) || Object.keys(value).sort().join() !== members) {
    throw malformed('envelope', `its members are not ${members}`);
  }
  return value;
}

function demandCommon(value: Record<string, unknown>, texts: string[]): void {
  for (const name of texts) {
    const text = value[name];
    if (typeof text !== 'string' || text.length === 0 || text.length > 64) throw wrong(name);
  }
  if (!isCount(value.count)) throw wrong('count');
  if (!HEX.test(String(value.root))) throw wrong('root');
  if (!isInstant(value.created)) throw wrong('created');
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const wrong = (member: string): Failure => malformed('envelope', `its member ${member} is wrong`);
