import type { Queryable } from '../../storage/index.ts';
import type { ReadPath } from '../log/audit.ts';
import { tilePath } from '../log/paths.ts';
import { nodeProofCrypto as crypto } from '../node-proof-crypto.ts';
import { hashLeaf, holdsInclusion, type TreeHead } from '../proof/index.ts';
import { blocksOf, inclusionRanges, TILE_WIDTH, tileSlice } from '../tree/blocks.ts';
import { tileName } from '../tree/bodies.ts';
import { ENTRY, rootOfRange } from '../tree/hash.ts';
import type { ShownLeaf } from './complaint.ts';
import { readEntries } from './entries.ts';
import { type Mirror, mirroredTile } from './mirror.ts';

/** A leaf that is another one now than it was. */
export interface Rewritten {
  index: number;
  /** What it was. */
  data: Buffer;
  /** What it is now, under the new checkpoint where the log's own tiles prove it. */
  now: ShownLeaf | { data: string };
}

/**
 * Reads the leaves of a log again, a tile at a time, up to the first that is another one than the mirror has.
 * @returns 'unserved' where a tile is not there; undefined where all mirrored leaves are as they were
 */
export async function findRewritten(
  db: Queryable,
  read: ReadPath,
  mirror: Mirror,
  head: TreeHead,
  note: string,
): Promise<Rewritten | 'unserved' | undefined> {
  for (let first = 0; first < mirror.size; first += TILE_WIDTH) {
    const last = Math.min(first + TILE_WIDTH, head.size);
    const served = await readEntries(read, first, last);
    const known = await mirroredTile(db, mirror, first / TILE_WIDTH);
    if (served === undefined) return 'unserved';
    for (const [place, now] of served.entries()) {
      const data = known.subarray(place * ENTRY, (place + 1) * ENTRY);
      if (data.length < ENTRY || data.equals(now)) continue;
      const index = first + place;
      const path = await servedPath(read, index, head, now);
      const shown: ShownLeaf | { data: string } = { data: now.toString('hex') };
      return { index, data, now: path === undefined ? shown : { ...shown, path, checkpoint: note } };
    }
  }
  return undefined;
}

/** The inclusion path of a leaf out of the tiles that the log serves; undefined where they do not prove it. */
async function servedPath(read: ReadPath, index: number, head: TreeHead, data: Buffer): Promise<string[] | undefined> {
  const ranges = inclusionRanges(index, head.size);
  const tiles = new Map<string, Buffer>();
  for (const block of ranges.flatMap(blocksOf)) {
    const { level, tile } = tileSlice(block);
    if (tiles.has(tileName(level, tile))) continue;
    const width = Math.min(TILE_WIDTH, Math.floor(head.size / TILE_WIDTH ** level) - tile * TILE_WIDTH);
    const body = await read(tilePath(level, tile, width));
    if (body?.length !== width * ENTRY) return undefined;
    tiles.set(tileName(level, tile), body);
  }
  const path = ranges.map((range) =>
    rootOfRange(range, (level, tile) => tiles.get(tileName(level, tile)) ?? Buffer.alloc(0)),
  );
  const leaf = await hashLeaf(crypto, data);
  const holds = await holdsInclusion(crypto, { index, size: head.size, leaf, path, root: head.root });
  return holds ? path.map((hash) => hash.toString('base64')) : undefined;
}
