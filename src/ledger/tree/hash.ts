import { sha256 } from '../../crypto/index.ts';
import { type Block, blocksOf, type Range, tileSlice } from './blocks.ts';

/** Bytes of an entry of a tile: a leaf's data or a hash. */
export const ENTRY = 32;

/** Entries (hashes, 32 bytes each) of a tile as far as they are there. */
export type TileHashes = (level: number, tile: number) => Buffer;

export function leafHash(data: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, data]));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]));
}

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

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
