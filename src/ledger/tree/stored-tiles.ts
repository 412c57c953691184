import type { Queryable } from '../../storage/index.ts';
import { blocksOf, type Range, TILE_WIDTH, tileSlice } from './blocks.ts';
import { bodiesOf, hashesIn, type Tile, type TileBodies, tileName } from './bodies.ts';
import type { TileHashes } from './hash.ts';

/** Reads in one statement all tiles that the roots of some ranges need. */
export async function loadTiles(db: Queryable, log: number, ranges: readonly Range[]): Promise<TileHashes> {
  const needed = new Map<string, [level: number, tile: number]>();
  for (const block of ranges.flatMap(blocksOf)) {
    const { level, tile } = tileSlice(block);
    needed.set(tileName(level, tile), [level, tile]);
  }
  return hashesIn(await readTiles(db, log, [...needed.values()]));
}

/** The tiles at the right edge of a tree: on each level the one that the next entry goes to, where it has begun. */
export async function loadEdge(db: Queryable, log: number, size: number): Promise<TileBodies> {
  const wanted: [level: number, tile: number][] = [];
  for (let level = 0, entries = size; entries > 0; level++, entries = Math.floor(entries / TILE_WIDTH)) {
    if (entries % TILE_WIDTH > 0) wanted.push([level, Math.floor(entries / TILE_WIDTH)]);
  }
  return readTiles(db, log, wanted);
}

/** The stored body of one tile, as far as it has grown. */
export async function findTile(db: Queryable, log: number, level: number, tile: number): Promise<Buffer | undefined> {
  return (await readTiles(db, log, [[level, tile]])).get(tileName(level, tile));
}

async function readTiles(
  db: Queryable,
  log: number,
  wanted: readonly [level: number, tile: number][],
): Promise<TileBodies> {
  if (wanted.length === 0) return new Map();
  const rows = await db.query<Tile>(
    `select level, index, body from ledger_tile
      where log = $1 and (level, index) in (select * from unnest($2::smallint[], $3::bigint[]))`,
    [log, wanted.map(([level]) => level), wanted.map(([, tile]) => tile)],
  );
  return bodiesOf(rows);
}

/** Writes tiles whole: a statement that is repeated changes nothing. */
export async function writeTiles(db: Queryable, log: number, tiles: readonly Tile[]): Promise<void> {
  await db.query(
    `insert into ledger_tile (log, level, index, body)
     select $1, * from unnest($2::smallint[], $3::bigint[], $4::bytea[])
     on conflict (log, level, index) do update set body = excluded.body`,
    [log, tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ body }) => body)],
  );
}
