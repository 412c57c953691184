import { leafHashes, type TileHashes } from './hash.ts';

/** A stored tile: up to 256 entries of 32 bytes. Level 0 holds the data of leaves, higher levels hold hashes. */
export interface Tile {
  level: number;
  index: number;
  body: Buffer;
}

/** Bodies of tiles by `level/index`. */
export type TileBodies = ReadonlyMap<string, Buffer>;

export function tileName(level: number, index: number): string {
  return `${level}/${index}`;
}

export function bodiesOf(tiles: readonly Tile[]): TileBodies {
  return new Map(tiles.map(({ level, index, body }) => [tileName(level, index), body]));
}

/** The hashes in tiles; a tile that is not there has none. Leaves are hashed once. */
export function hashesIn(bodies: TileBodies): TileHashes {
  const leaves = new Map<number, Buffer>();
  return (level, index) => {
    const body = bodies.get(tileName(level, index)) ?? Buffer.alloc(0);
    if (level > 0) return body;
    const known = leaves.get(index) ?? leafHashes(body);
    leaves.set(index, known);
    return known;
  };
}
