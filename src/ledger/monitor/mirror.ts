import type { Instant, Queryable } from '../../storage/index.ts';
import { blocksOf, inclusionRanges, type Range, TILE_WIDTH, tileSlice } from '../tree/blocks.ts';
import { bodiesOf, hashesIn, type Tile, type TileBodies, tileName } from '../tree/bodies.ts';
import { EMPTY_ROOT, ENTRY, rootOfRange, rootOfTree } from '../tree/hash.ts';

/** A copy of another log: the tree of `note` was recomputed here from its leaves. */
export interface Mirror {
  mirror: number;
  size: number;
  root: Buffer;
  note: string;
  at: Instant;
  probe: number;
  /** Leaves that are here, also those that do not count yet. */
  staged: number;
  /** The checkpoint whose tree the staged leaves are to give; empty where none is under way. */
  aim: string;
}

export async function findMirror(db: Queryable, origin: string): Promise<Mirror | undefined> {
  const [row] = await db.query<Mirror>(
    'select mirror, size, root, note, at, probe, staged, aim from ledger_mirror where origin = $1',
    [origin],
  );
  return row;
}

/** The mirror of a log, begun with the empty tree where there is none yet. */
export async function openMirror(db: Queryable, origin: string, at: Instant): Promise<Mirror> {
  await db.query(
    `insert into ledger_mirror (origin, size, root, note, at) values ($1, 0, $2, '', $3)
     on conflict (origin) do nothing`,
    [origin, EMPTY_ROOT, at],
  );
  return (await findMirror(db, origin)) as Mirror;
}

export async function mirrorTiles(
  db: Queryable,
  mirror: number,
  wanted: readonly [level: number, tile: number][],
): Promise<TileBodies> {
  if (wanted.length === 0) return new Map();
  return bodiesOf(
    await db.query<Tile>(
      `select level, index, body from ledger_mirror_tile
        where mirror = $1 and (level, index) in (select * from unnest($2::smallint[], $3::bigint[]))`,
      [mirror, wanted.map(([level]) => level), wanted.map(([, tile]) => tile)],
    ),
  );
}

/** The tiles at the right edge of a tree of this size, which the next leaves go on from: no entry more, though more may be staged. */
export async function mirrorEdge(
  db: Queryable,
  { mirror, size }: Pick<Mirror, 'mirror' | 'size'>,
): Promise<TileBodies> {
  const held = new Map<string, number>();
  const wanted: [number, number][] = [];
  for (let level = 0, entries = size; entries > 0; level++, entries = Math.floor(entries / TILE_WIDTH)) {
    if (entries % TILE_WIDTH === 0) continue;
    const tile = Math.floor(entries / TILE_WIDTH);
    wanted.push([level, tile]);
    held.set(tileName(level, tile), entries % TILE_WIDTH);
  }
  const tiles = await mirrorTiles(db, mirror, wanted);
  return new Map([...tiles].map(([name, body]) => [name, body.subarray(0, (held.get(name) ?? 0) * ENTRY)]));
}

/** The data of the leaves of a tile, as far as the mirror goes. */
export async function mirroredTile(db: Queryable, { mirror, size }: Mirror, tile: number): Promise<Buffer> {
  const body = (await mirrorTiles(db, mirror, [[0, tile]])).get(tileName(0, tile)) ?? Buffer.alloc(0);
  return body.subarray(0, Math.max(0, size - tile * TILE_WIDTH) * ENTRY);
}

/** The data of the leaf at an index; undefined beyond the mirror. */
export async function mirroredLeaf(db: Queryable, mirror: Mirror, index: number): Promise<Buffer | undefined> {
  if (index >= mirror.size) return undefined;
  const tile = Math.floor(index / TILE_WIDTH);
  const body = (await mirrorTiles(db, mirror.mirror, [[0, tile]])).get(tileName(0, tile));
  const at = (index % TILE_WIDTH) * ENTRY;
  return body?.subarray(at, at + ENTRY);
}

/** The mirror's root at one of its sizes. */
export async function mirrorRoot(db: Queryable, mirror: Mirror, size: number): Promise<Buffer> {
  const tiles = await tilesOf(db, mirror, size === 0 ? [] : [{ start: 0, end: size }]);
  return rootOfTree(size, hashesIn(tiles));
}

/** The inclusion path of a leaf under the mirror's own checkpoint, base64. */
export async function mirrorPath(db: Queryable, mirror: Mirror, index: number): Promise<string[]> {
  const ranges = inclusionRanges(index, mirror.size);
  const hashes = hashesIn(await tilesOf(db, mirror, ranges));
  return ranges.map((range) => rootOfRange(range, hashes).toString('base64'));
}

function tilesOf(db: Queryable, { mirror }: Mirror, ranges: readonly Range[]): Promise<TileBodies> {
  const wanted = new Map<string, [number, number]>();
  for (const block of ranges.flatMap(blocksOf)) {
    const { level, tile } = tileSlice(block);
    wanted.set(tileName(level, tile), [level, tile]);
  }
  return mirrorTiles(db, mirror, [...wanted.values()]);
}

export async function writeMirrorTiles(db: Queryable, mirror: number, tiles: readonly Tile[]): Promise<void> {
  await db.query(
    `insert into ledger_mirror_tile (mirror, level, index, body)
     select $1, * from unnest($2::smallint[], $3::bigint[], $4::bytea[])
     on conflict (mirror, level, index) do update set body = excluded.body`,
    [mirror, tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ body }) => body)],
  );
}

/** A mirrored log: how far, and what this node knows of it as its witness, who cosigns before the tiles are taken. */
interface MirroredLog {
  origin: string;
  size: number;
  at: Instant;
  /** The largest checkpoint that was cosigned here, and when; null where none was. */
  known: number | null;
  knownAt: Instant | null;
}

/** The logs that are mirrored here, and how far. */
export async function listMirrors({ db }: { db: Queryable }): Promise<MirroredLog[]> {
  return db.query(
    `select m.origin, m.size, m.at, w.size as known, w.at as "knownAt"
     from ledger_mirror m left join ledger_witness w on w.origin = m.origin order by m.origin`,
  );
}
