import { hash } from 'node:crypto';

/**
 * What an entry of a batch says of a call:
 * - `request`: this head and this body are asked;
 * - `answer`: this head and this body answer the request whose leaf is `link`;
 * - `tail`: the streamed body of the request or answer whose leaf is `link` had this digest and size;
 * - `receipt`: the answer whose leaf is `link` was received, whole.
 */
export type EntryKind = 'request' | 'answer' | 'tail' | 'receipt';

/** What is signed of a body. */
export type SignedBody = { digest: Buffer; size: number } | 'streamed' | null;

/** An entry, as far as it is signed. */
export interface Statement {
  kind: EntryKind;
  /** Of the call: a UUID. */
  id: string;
  /** 32 bytes; what a request answers to is nothing. */
  link: Buffer | null;
  /** SHA-256 of the exact bytes of the head. */
  head: Buffer | null;
  body: SignedBody;
  /** 32 random bytes: who lacks them cannot tell what was signed. */
  salt: Buffer;
}

/**
 * The exact text that an entry stands for: eight lines, each ended by a line feed, so that anybody can write it down again with a
 * text editor and take its SHA-256.
 * @example
 * commonway/call/1
 * request
 * 019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d
 * -
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 * 1024
 * 5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9
 */
export function statementText({ kind, id, link, head, body, salt }: Statement): string {
  const digest = body === null ? '-' : body === 'streamed' ? 'streamed' : body.digest.toString('hex');
  const size = body === null || body === 'streamed' ? '-' : String(body.size);
  const hex = (bytes: Buffer | null): string => (bytes === null ? '-' : bytes.toString('hex'));
  return `commonway/call/1\n${kind}\n${id}\n${hex(link)}\n${hex(head)}\n${digest}\n${size}\n${hex(salt)}\n`;
}

/** The leaf of an entry: SHA-256 of its statement. */
export const leafOf = (statement: Statement): Buffer => hash('sha256', statementText(statement), 'buffer');

/** A node of the tree over leaves: SHA-256 of three lines. No statement begins like it. */
export function nodeText(left: Uint8Array, right: Uint8Array): string {
  return `commonway/call-node/1\n${hexOf(left)}\n${hexOf(right)}\n`;
}

/** The text that a node's log has of a batch: which way it went, when it was durable, and what was signed. Its SHA-256 is a leaf. */
export function loggedText(batch: {
  direction: 'in' | 'out';
  at: string;
  envelope: Uint8Array;
  signature: Uint8Array;
}) {
  const digest = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
  return `commonway/call-log/1\n${batch.direction}\n${batch.at}\n${digest(batch.envelope)}\n${digest(batch.signature)}\n`;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => hash('sha256', nodeText(left, right), 'buffer');

/** The largest power of two below `size`: where RFC 9162 section 2.1.1 splits a tree. */
const splitOf = (size: number): number => 1 << (31 - Math.clz32(size - 1));

/** The root over leaves; the tree's shape is that of RFC 9162. @param leaves at least one, each of 32 bytes */
export function rootOf(leaves: readonly Buffer[], from = 0, to: number = leaves.length): Buffer {
  if (to - from === 1) return leaves[from] as Buffer;
  const split = from + splitOf(to - from);
  return nodeOf(rootOf(leaves, from, split), rootOf(leaves, split, to));
}

/** A step from a leaf towards the root: the other hash, and on which side it stands. */
export interface PathStep {
  side: 'left' | 'right';
  hash: Buffer;
}

/** The steps that lead from the leaf at `place` to the root. */
export function pathOf(leaves: readonly Buffer[], place: number, from = 0, to: number = leaves.length): PathStep[] {
  if (to - from === 1) return [];
  const split = from + splitOf(to - from);
  return place < split
    ? [...pathOf(leaves, place, from, split), { side: 'right', hash: rootOf(leaves, split, to) }]
    : [...pathOf(leaves, place, split, to), { side: 'left', hash: rootOf(leaves, from, split) }];
}

/**
 * Whether the steps lead from a leaf at `place` of `count` to the root. They must turn exactly as that place does: a shorter or a
 * longer path, or one of another place, proves nothing.
 */
export function holdsPath(proof: {
  leaf: Uint8Array;
  place: number;
  count: number;
  path: readonly PathStep[];
  root: Uint8Array;
}): boolean {
  const { place, count, path } = proof;
  if (!Number.isSafeInteger(place) || !Number.isSafeInteger(count) || place < 0 || place >= count) return false;
  if (count > 1 << 20) return false;
  const turns = turnsOf(place, count);
  if (turns.length !== path.length) return false;
  let hashed: Buffer = Buffer.from(proof.leaf);
  for (const [index, { side, hash: other }] of path.entries()) {
    if (other.length !== 32 || side !== turns[index]) return false;
    hashed = side === 'left' ? nodeOf(other, hashed) : nodeOf(hashed, other);
  }
  return hashed.equals(proof.root);
}

/** On which side the other hash stands at each step from the leaf upwards. */
function turnsOf(place: number, count: number): PathStep['side'][] {
  const turns: PathStep['side'][] = [];
  let at = place;
  for (let size = count; size > 1; ) {
    const split = splitOf(size);
    turns.push(at < split ? 'right' : 'left');
    size = at < split ? split : size - split;
    if (at >= split) at -= split;
  }
  return turns.reverse();
}
