import type { StoreContext } from '../../storage/index.ts';
import type { ReadPath } from '../log/audit.ts';
import { parseNote, parseTreeHead, type TreeHead } from '../proof/index.ts';
import { TILE_WIDTH } from '../tree/blocks.ts';
import { growTiles } from '../tree/grow.ts';
import { readEntries } from './entries.ts';
import { type Mirror, mirrorEdge, mirrorRoot, writeMirrorTiles } from './mirror.ts';

/** A signed tree that a mirror grows to. */
export interface Aim {
  head: TreeHead;
  note: string;
}

/** How far one look takes a mirror, in steps that each fit into memory: a log may be of any size, or say so. */
export interface Steps {
  /** Tiles in one step. */
  tiles: number;
  /** Steps in one look. */
  most: number;
}

export const STEPS: Steps = { tiles: 64, most: 16 };

export type Grown = 'whole' | 'behind' | 'unserved' | 'otherwise';

/** The tree that an earlier look began to take; undefined where nothing is under way. */
export function aimOf({ aim }: Mirror): Aim | undefined {
  return aim === '' ? undefined : { head: parseTreeHead(parseNote(aim).text), note: aim };
}

/**
 * Takes leaves that are new into the mirror, step by step. They count only once all are here and give the signed root; what a look does not
 * reach the next one goes on with.
 * @returns `otherwise` where they give another root: then nothing of them counts
 */
export async function growMirror(
  ctx: StoreContext,
  read: ReadPath,
  mirror: Mirror,
  aim: Aim,
  steps: Steps,
): Promise<Grown> {
  const { size } = aim.head;
  let at = mirror.aim === aim.note ? Math.max(mirror.staged, mirror.size) : mirror.size;
  let before = mirror.staged;
  for (let step = 0; at < size && step < steps.most; step++) {
    const to = Math.min(size, (Math.floor(at / TILE_WIDTH) + steps.tiles) * TILE_WIDTH);
    const served = await readEntries(read, at, to);
    if (served === undefined) return 'unserved';
    const tiles = growTiles(
      at,
      await mirrorEdge(ctx.db, { mirror: mirror.mirror, size: at }),
      served.slice(at % TILE_WIDTH),
    );
    const isOurs = await ctx.db.transaction(async (tx) => {
      const moved = await tx.query(
        `update ledger_mirror set staged = $2, aim = $3 where mirror = $1 and size = $4 and staged = $5 and aim = $6 returning 1`,
        [mirror.mirror, to, aim.note, mirror.size, before, step === 0 ? mirror.aim : aim.note],
      );
      if (moved.length > 0) await writeMirrorTiles(tx, mirror.mirror, tiles);
      return moved.length > 0;
    });
    // Another process is at it: it does the same.
    if (!isOurs) return 'behind';
    at = to;
    before = to;
  }
  if (at < size) return 'behind';
  const root = await mirrorRoot(ctx.db, mirror, size);
  if (!root.equals(aim.head.root)) {
    await ctx.db.query(`update ledger_mirror set staged = size, aim = '' where mirror = $1 and aim = $2`, [
      mirror.mirror,
      aim.note,
    ]);
    return 'otherwise';
  }
  await ctx.db.query(
    `update ledger_mirror set size = $2, root = $3, note = $4, at = $5, staged = $2, aim = ''
     where mirror = $1 and size = $6 and aim = $4`,
    [mirror.mirror, size, root, aim.note, ctx.clock.now(), mirror.size],
  );
  return 'whole';
}
