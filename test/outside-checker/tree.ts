import { sha256 } from './canonical.ts';

/** RFC 9162, section 2.1.1: the hash of a leaf. */
export function leafHash(data: Uint8Array): Buffer {
  return sha256(Buffer.of(0), data);
}

/** RFC 9162, section 2.1.1: the hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.of(1), left, right);
}

/** RFC 9162, section 2.1.1: the head of the tree over leaf hashes. */
export function treeHead(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return Buffer.from(leaves[0] as Uint8Array);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHead(leaves.slice(0, split)), treeHead(leaves.slice(split)));
}

/** RFC 9162, section 2.1.3.2: the head that a path leads to from a leaf; undefined for a path of another length. `join` hashes an inner node. */
export function headFrom(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  join = nodeHash,
): Buffer | undefined {
  let [place, last] = [index, size - 1];
  if (place > last) return undefined;
  let hash: Buffer = Buffer.from(leaf);
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      hash = join(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = join(hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** What opens a leaf. */
export interface Opening {
  kind: string;
  salt: string;
  contentDigest: string;
}

/** The data of a leaf, from what opens it (docs/protocol-ledger.md). */
export function leafData({ kind, salt, contentDigest }: Opening): Buffer {
  const parts = [Buffer.from(salt, 'base64url'), Buffer.from(contentDigest, 'hex')];
  return sha256('commonway-leaf/1', Buffer.of(0), kind, Buffer.of(0), ...parts);
}
