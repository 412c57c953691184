// The arithmetic of the tree: which complete subtrees make up a range of leaves, and in which tile each has its root. Sizes go
// beyond 32 bits, so there are divisions here and no shifts.

/** A complete subtree: the 2^height leaves from index * 2^height on. */
export interface Block {
  height: number;
  index: number;
}

/** A run of leaves [start, end) that hangs under one node of a tree. */
export interface Range {
  start: number;
  end: number;
}

/** Leaves, or subtrees, in a full tile: 2^8. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** The complete subtrees of a range, left to right. Its start must be aligned as that of a node of the tree is. */
export function blocksOf({ start, end }: Range): Block[] {
  const blocks: Block[] = [];
  for (let at = start; at < end; ) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= end) height++;
    blocks.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return blocks;
}

/** Where a block's root is computed: `count` neighbouring entries of one tile. */
export function tileSlice(block: Block): { level: number; tile: number; from: number; count: number } {
  const level = Math.floor(block.height / TILE_HEIGHT);
  const count = 2 ** (block.height % TILE_HEIGHT);
  const entry = block.index * count;
  return { level, tile: Math.floor(entry / TILE_WIDTH), from: entry % TILE_WIDTH, count };
}

/** Largest power of two below `size` (RFC 9162 section 2.1.1 calls it k). */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The ranges whose roots are the inclusion path of a leaf, from its sibling upwards (RFC 9162 section 2.1.3.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/** The ranges whose roots are the consistency path between two sizes (RFC 9162 section 2.1.4.1). */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first === 0 || first === second) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, second];
  while (end !== first) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  // Where the first tree is a complete one, the verifier has its root already.
  if (start > 0) ranges.unshift({ start, end });
  return ranges;
}
