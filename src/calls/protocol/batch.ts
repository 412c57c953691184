import { canonicalJson, isId, randomId, type SigningKey, signBytes, verifyBytes } from '../../crypto/index.ts';
import type { BatchEnvelope } from '../../exchange/index.ts';
import { addMilliseconds, Failure, type Instant, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { LIMITS } from '../limits.ts';
import { type Entry, malformed, number, readEntries, reader, writeEntries } from './entries.ts';
import { leafOf, rootOf } from './statement.ts';

/** What is signed once for all entries of a batch; the exact bytes are the canonical JSON of this. */
export type Envelope = BatchEnvelope;

/** The signature covers utf8 of this, a zero byte, and the envelope's exact bytes. */
export const DOMAIN = 'commonway/calls/1';

/** A batch as it was made or checked. */
export interface Batch {
  envelope: Envelope;
  /** The exact bytes of the envelope, and the signature. */
  bytes: Buffer;
  signature: Buffer;
  entries: Entry[];
  leaves: Buffer[];
}

interface Party {
  trust: TrustView & { self: string };
  now: Instant;
}

/** Makes and signs a batch. @returns with the frame's content to be sent once the batch is durable */
export function makeBatch(
  sender: Party & { key: SigningKey },
  receiver: string,
  entries: Entry[],
): Batch & { frame: Buffer } {
  const { trust, key, now } = sender;
  const leaves = entries.map(leafOf);
  const envelope: Envelope = {
    id: randomId(),
    union: trust.charter.union,
    sender: trust.self,
    receiver,
    charter: { version: trust.charter.version, digest: trust.charterDigest },
    count: entries.length,
    root: rootOf(leaves).toString('hex'),
    created: now,
    expires: addMilliseconds(now, LIMITS.batchLifeMs),
    key: key.public.id,
  };
  const bytes = Buffer.from(canonicalJson(envelope as unknown as Json));
  const signature = signBytes(key, DOMAIN, bytes);
  const content = writeEntries(entries);
  const frame = Buffer.concat([number(bytes.length), bytes, number(signature.length), signature, content]);
  return { envelope, bytes, signature, entries, leaves, frame };
}

/**
 * Reads a batch and checks it, in this order: form and size; the clocks; that it has not expired; that it is of whom the connection
 * says and for us; the charter; the signature by a messages key that the sender's manifest lists for that moment; that the entries are
 * those under the root.
 * @throws Failure CALLS_* about the whole batch: then nothing of it is taken
 */
export function checkBatch(frame: Buffer, { trust, now, peer }: Party & { peer: string }): Batch {
  const read = reader(frame);
  const bytes = read.sized(4096, 'envelope');
  const signature = read.sized(256, 'signature');
  const envelope = readEnvelope(bytes);
  const { sender, receiver } = envelope;
  demandTimes(envelope, trust.self, now);
  if (envelope.union !== trust.charter.union || sender !== peer || receiver !== trust.self)
    throw new Failure('CALLS_WRONG_PARTY', { sender, receiver, peer });
  const { version, digest } = envelope.charter;
  if (version === trust.charter.version && digest !== trust.charterDigest)
    throw new Failure('CALLS_CHARTER', { sender, version });
  demandSignature({ envelope, bytes, signature }, trust);
  const entries = readEntries(read.rest());
  const leaves = entries.map(leafOf);
  if (entries.length !== envelope.count || rootOf(leaves).toString('hex') !== envelope.root)
    throw malformed('batch', 'its entries are not those under its root');
  return { envelope, bytes, signature, entries, leaves };
}

/** @throws Failure CALLS_SIGNATURE */
export function demandSignature(
  { envelope, bytes, signature }: Pick<Batch, 'envelope' | 'bytes' | 'signature'>,
  trust: TrustView,
) {
  const { sender, key, created } = envelope;
  let reason = 'the signature does not match';
  try {
    if (verifyBytes(trust.key(sender, 'messages', key, created), DOMAIN, bytes, signature)) return;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reason = error.code;
  }
  throw new Failure('CALLS_SIGNATURE', { sender, reason });
}

function demandTimes({ created, expires, sender }: Envelope, self: string, now: Instant): void {
  const ahead = Date.parse(created) - Date.parse(now);
  if (ahead > LIMITS.skewMs) {
    const seconds = Math.round(ahead / 1000);
    throw new Failure('CALLS_CLOCK_SKEW', { sender, receiver: self, seconds, most: LIMITS.skewMs / 1000 });
  }
  if (Date.parse(expires) - Date.parse(created) > LIMITS.batchLifeMs) throw malformed('envelope', 'it lives too long');
  if (expires <= now) throw new Failure('CALLS_EXPIRED', { sender, expires });
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MEMBERS = 'charter,count,created,expires,id,key,receiver,root,sender,union';

/** Reads an envelope from bytes that must be exactly its canonical form. @throws Failure CALLS_MALFORMED */
export function readEnvelope(bytes: Buffer): Envelope {
  const text = bytes.toString('utf8');
  let value: Envelope;
  try {
    value = JSON.parse(text) as Envelope;
    if (canonicalJson(value as unknown as Json) !== text) throw new Error('not canonical');
  } catch {
    throw malformed('envelope', 'it is not canonical JSON');
  }
  const wrong = (member: string): Failure => malformed('envelope', `its member ${member} is wrong`);
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== MEMBERS) throw wrong('?');
  for (const name of ['union', 'sender', 'receiver', 'key'] as const)
    if (typeof value[name] !== 'string' || value[name].length === 0 || value[name].length > 100) throw wrong(name);
  const { charter, count } = value;
  if (typeof charter !== 'object' || charter === null || Object.keys(charter).join() !== 'digest,version')
    throw wrong('charter');
  if (!Number.isSafeInteger(charter.version) || typeof charter.digest !== 'string') throw wrong('charter');
  if (!Number.isSafeInteger(count) || count < 1 || count > LIMITS.entries) throw wrong('count');
  if (typeof value.root !== 'string' || !/^[0-9a-f]{64}$/.test(value.root)) throw wrong('root');
  if (typeof value.id !== 'string' || !isId(value.id)) throw wrong('id');
  for (const name of ['created', 'expires'] as const)
    if (typeof value[name] !== 'string' || !INSTANT.test(value[name]) || Number.isNaN(Date.parse(value[name])))
      throw wrong(name);
  return value;
}
