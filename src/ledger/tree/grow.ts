import { TILE_WIDTH } from './blocks.ts';
import { type Tile, type TileBodies, tileName } from './bodies.ts';
import { ENTRY, leafHashes, rootOfComplete } from './hash.ts';

/**
 * Appends entries to a tree of `size` leaves and gives the tiles that changed, whole. `edge` holds the tiles at its right edge by
 * `level/index`. Costs as much as is appended, whatever the size.
 */
export function growTiles(size: number, edge: TileBodies, entries: readonly Buffer[]): Tile[] {
  const changed: Tile[] = [];
  let level = 0;
  let count = size;
  let row = entries;
  while (row.length > 0) {
    const above: Buffer[] = [];
    for (let taken = 0; taken < row.length; ) {
      const index = Math.floor(count / TILE_WIDTH);
      const held = count % TILE_WIDTH;
      const added = row.slice(taken, taken + TILE_WIDTH - held);
      const before = held === 0 ? Buffer.alloc(0) : edge.get(tileName(level, index));
      if (before?.length !== held * ENTRY) throw new RangeError(`tile ${level}/${index} has not ${held} entries`);
      const body = Buffer.concat([before, ...added]);
      changed.push({ level, index, body });
      if (body.length === TILE_WIDTH * ENTRY) above.push(rootOfComplete(level === 0 ? leafHashes(body) : body));
      taken += added.length;
      count += added.length;
    }
    count = Math.floor((count - row.length) / TILE_WIDTH);
    row = above;
    level++;
  }
  return changed;
}
