import { sha256 } from '../../crypto/index.ts';

/**
 * Domain bytes of the exchange's trees. The ledger (RFC 9162) has 0x00 and 0x01: no hash of one kind is ever one of another, so
 * that a batch cannot pass for a piece of a ledger nor a receipt for a message.
 */
export const MESSAGE_LEAF = 0x10;
export const BATCH_NODE = 0x11;
export const ANSWER_LEAF = 0x12;
export const ANSWER_NODE = 0x13;

/** SHA-256 over a domain byte and parts. */
export function prefixedHash(prefix: number, ...parts: Uint8Array[]): Buffer {
  return sha256(Buffer.concat([Buffer.of(prefix), ...parts]));
}

/** The largest power of two below `size`: where RFC 9162 section 2.1.1 splits a tree. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/**
 * The root over leaf hashes: the tree's shape is RFC 9162's, inner nodes are H(node prefix | left | right).
 * @param leaves at least one hash of 32 bytes
 */
export function rootOf(leaves: readonly Uint8Array[], nodePrefix: number): Buffer {
  if (leaves.length === 1) return Buffer.from(leaves[0] as Uint8Array);
  const split = splitOf(leaves.length);
  return prefixedHash(nodePrefix, rootOf(leaves.slice(0, split), nodePrefix), rootOf(leaves.slice(split), nodePrefix));
}

/** The sibling hashes that lead from one leaf to the root, from the leaf upwards (RFC 9162 section 2.1.3.1). */
export function pathOf(leaves: readonly Uint8Array[], position: number, nodePrefix: number): Buffer[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return position < split
    ? [...pathOf(left, position, nodePrefix), rootOf(right, nodePrefix)]
    : [...pathOf(right, position - split, nodePrefix), rootOf(left, nodePrefix)];
}

/**
 * Whether `path` leads from a leaf hash at `position` of `count` to `root`. The path has exactly the length that place has: a
 * shorter or longer one is no proof of anything.
 */
export function holdsPath(
  proof: { leaf: Uint8Array; position: number; count: number; path: readonly Uint8Array[]; root: Uint8Array },
  nodePrefix: number,
): boolean {
  const { position, count, path } = proof;
  if (!Number.isSafeInteger(position) || position < 0 || position >= count) return false;
  // The turns from the root down to the leaf: at each split left or right.
  const turns: boolean[] = [];
  for (let place = position, size = count; size > 1; ) {
    const split = splitOf(size);
    turns.push(place < split);
    if (place >= split) place -= split;
    size = turns[turns.length - 1] ? split : size - split;
  }
  if (turns.length !== path.length || path.some((hash) => hash.length !== 32)) return false;
  let hash = proof.leaf;
  for (const [index, sibling] of path.entries()) {
    const isLeft = turns[turns.length - 1 - index];
    hash = isLeft ? prefixedHash(nodePrefix, hash, sibling) : prefixedHash(nodePrefix, sibling, hash);
  }
  return Buffer.compare(hash, proof.root) === 0;
}
