import { canonicalJson, isId } from '../../crypto/index.ts';
import { Failure, type Instant, type Json } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';

/** The patterns of a transaction, after the UN/CEFACT Modelling Methodology (UMM). */
export const PATTERNS = [
  'notification',
  'informationDistribution',
  'queryResponse',
  'requestConfirm',
  'requestResponse',
  'mutualObligation',
] as const;
export type Pattern = (typeof PATTERNS)[number];

/** What is said about a message; its exact bytes are the canonical JSON of this. */
export interface MessageHead {
  /** UUID: the idempotency key. */
  id: string;
  /** What kind of message, e.g. `transaction/request`; chooses the handler. */
  type: string;
  from: string;
  to: string;
  /** Ordering key: the application or case. Messages of one lane are handled one after the other. */
  lane: string;
  /** 1, 2, 3 ... in the lane from this sender to this receiver. */
  sequence: number;
  created: Instant;
  /** After this moment it is not received any more. */
  expires: Instant;
  transaction?: { id: string; code: string; pattern: Pattern; contract: string };
  application?: string;
  /** On `exchange/void`: the message whose place in the lane this one takes, since it will not come. */
  voids?: string;
}

const NAME = /^[a-z][a-z0-9-]*(\/[a-z0-9-]+)*$/;
const STATE = /^[a-z][a-z0-9-]{0,31}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
// Printable, no blanks at the ends: it stands in keys and pages.
const LANE = /^[!-~]{1,100}$/;

const REQUIRED = ['created', 'expires', 'from', 'id', 'lane', 'sequence', 'to', 'type'] as const;
const OPTIONAL = ['application', 'transaction', 'voids'] as const;

/** The exact bytes of a head. @throws Failure EXCHANGE_MALFORMED, EXCHANGE_TOO_LARGE */
export function headBytes(head: MessageHead): Buffer {
  const bytes = Buffer.from(canonicalJson(demandHead(head) as unknown as Json));
  if (bytes.length > LIMITS.headBytes) throw tooLarge(bytes.length);
  return bytes;
}

/**
 * Reads a head from bytes that must be exactly its canonical form.
 * @throws Failure EXCHANGE_MALFORMED, EXCHANGE_TOO_LARGE
 */
export function parseHead(bytes: Uint8Array): MessageHead {
  if (bytes.length > LIMITS.headBytes) throw tooLarge(bytes.length);
  return demandHead(parseCanonical(bytes, 'head'));
}

/** JSON from bytes that must be exactly its canonical form (RFC 8785). @throws Failure EXCHANGE_MALFORMED */
export function parseCanonical(bytes: Uint8Array, what: string): Json {
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as Json;
  } catch {
    throw malformed(what, 'it is not JSON in UTF-8');
  }
  let canonical: string;
  try {
    canonical = canonicalJson(value);
  } catch {
    throw malformed(what, 'it has no canonical form');
  }
  if (canonical !== text) throw malformed(what, 'its bytes are not the canonical ones');
  return value;
}

function demandHead(value: unknown): MessageHead {
  const wrong = (member: string): Failure => malformed('head', `its member ${member} is wrong`);
  if (!isObject(value)) throw malformed('head', 'it is not an object');
  for (const name of REQUIRED) if (!(name in value)) throw wrong(name);
  for (const name of Object.keys(value)) {
    if (!(REQUIRED as readonly string[]).includes(name) && !(OPTIONAL as readonly string[]).includes(name))
      throw wrong('?');
  }
  const head = value as unknown as MessageHead;
  if (!isText(head.id) || !isId(head.id)) throw wrong('id');
  if (!matches(head.type, NAME) || head.type.length > 64) throw wrong('type');
  if (!matches(head.from, STATE)) throw wrong('from');
  if (!matches(head.to, STATE)) throw wrong('to');
  if (!matches(head.lane, LANE)) throw wrong('lane');
  if (!Number.isSafeInteger(head.sequence) || head.sequence < 1) throw wrong('sequence');
  if (!isInstant(head.created)) throw wrong('created');
  if (!isInstant(head.expires)) throw wrong('expires');
  if ('application' in value && !matches(head.application, LANE)) throw wrong('application');
  if ('voids' in value && !(isText(head.voids) && isId(head.voids))) throw wrong('voids');
  if ('transaction' in value && !isTransactionPart(value.transaction)) throw wrong('transaction');
  return head;
}

function isTransactionPart(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).sort().join() !== 'code,contract,id,pattern') return false;
  const { id, code, pattern, contract } = value;
  return (
    isText(id) &&
    isId(id) &&
    matches(code, /^[A-Za-z0-9.-]{1,64}$/) &&
    (PATTERNS as readonly unknown[]).includes(pattern) &&
    matches(contract, /^[0-9a-f]{64}$/)
  );
}

/** A moment in the one written form that is compared as text. */
export function isInstant(value: unknown): value is Instant {
  return matches(value, INSTANT) && !Number.isNaN(Date.parse(value));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const matches = (value: unknown, pattern: RegExp): value is string => isText(value) && pattern.test(value);
const tooLarge = (size: number): Failure =>
  new Failure('EXCHANGE_TOO_LARGE', { what: 'head', size: `${size} bytes`, most: `${LIMITS.headBytes} bytes` });

export function malformed(what: string, reason: string): Failure {
  return new Failure('EXCHANGE_MALFORMED', { what, reason });
}
