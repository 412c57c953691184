import { sha256 } from '../../crypto/index.ts';
import { type Block, blocksOf, type Range, tileSlice } from './blocks.ts';

/** Bytes of an entry of a tile: a leaf's data or a hash. */
export const ENTRY = 32;

/** Entries (hashes, 32 bytes each) of a tile as far as they are there. */
export type TileHashes = (level: number, tile: number) => Buffer;

// What is hashed is put together in place: a tile is hashed anew with each batch, and a buffer for each hash costs as much as the hash.
const leaf = Buffer.alloc(1 + ENTRY, 0);
const node = Buffer.alloc(1 + 2 * ENTRY, 1);

/** The hash of a leaf's data (RFC 9162 section 2.1.1): 32 bytes in a tile, of any length elsewhere. */
export function leafHash(data: Uint8Array): Buffer {
  if (data.length !== ENTRY) return sha256(Buffer.concat([leaf.subarray(0, 1), data]));
  leaf.set(data, 1);
  return sha256(leaf);
}

/** The hash of a node over its two children, 32 bytes each (RFC 9162 section 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== ENTRY || right.length !== ENTRY) throw new RangeError(`a hash has ${ENTRY} bytes`);
  node.set(left, 1);
  node.set(right, 1 + ENTRY);
  return sha256(node);
}

/** The root of an empty tree (RFC 9162 section 2.1.1). */
export const EMPTY_ROOT: Buffer = sha256('');

/** The hashes of the leaves whose data stand in a tile of level 0. */
export function leafHashes(body: Buffer): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at < body.length; at += ENTRY) hashes.push(leafHash(body.subarray(at, at + ENTRY)));
  return Buffer.concat(hashes);
}

/** The root over 2^n neighbouring hashes. */
export function rootOfComplete(hashes: Buffer): Buffer {
  let row = hashes;
  while (row.length > ENTRY) {
    const above: Buffer[] = [];
    for (let at = 0; at < row.length; at += 2 * ENTRY) {
      above.push(nodeHash(row.subarray(at, at + ENTRY), row.subarray(at + ENTRY, at + 2 * ENTRY)));
    }
    row = Buffer.concat(above);
  }
  return row;
}

/** The Merkle tree hash of a range of leaves, from tiles. */
export function rootOfRange(range: Range, tiles: TileHashes): Buffer {
  const roots = blocksOf(range).map((block) => blockRoot(block, tiles));
  return roots.reduceRight((right, left) => nodeHash(left, right));
}

function blockRoot(block: Block, tiles: TileHashes): Buffer {
  const { level, tile, from, count } = tileSlice(block);
  const hashes = tiles(level, tile).subarray(from * ENTRY, (from + count) * ENTRY);
  if (hashes.length !== count * ENTRY) throw new RangeError(`tile ${level}/${tile} has too few entries`);
  return rootOfComplete(hashes);
}

/** The root of the first `size` leaves. */
export function rootOfTree(size: number, tiles: TileHashes): Buffer {
  return size === 0 ? EMPTY_ROOT : rootOfRange({ start: 0, end: size }, tiles);
}
