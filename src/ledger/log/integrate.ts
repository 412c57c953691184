import { Failure, type Tx } from '../../storage/index.ts';
import type { LedgerContext } from '../context.ts';
import { blocksOf, tileSlice } from '../tree/blocks.ts';
import { bodiesOf, hashesIn, type TileBodies, tileName } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { ENTRY, rootOfTree } from '../tree/hash.ts';
import { loadEdge, writeTiles } from '../tree/stored-tiles.ts';
import { holdsLease, type Lease } from './lease.ts';
import { openLog } from './log-row.ts';
import { signCheckpoint } from './sign-checkpoint.ts';
import { announce } from './wake.ts';

/** Leaves that are integrated in one transaction at most. */
export const LARGEST_BATCH = 4096;

interface Pending {
  id: string;
  data: Buffer;
}

/**
 * Gives committed leaves their indexes: takes them out of the waiting ones, writes tiles, positions and a signed checkpoint, all in
 * one transaction, so that a process killed at any instruction leaves either everything or nothing. The head row is locked
 * meanwhile; with a lease that is no longer the newest nothing is done.
 * @returns how many leaves were integrated
 * @throws Failure LEDGER_DAMAGED where the stored tree does not give the root that was signed: then nothing is signed on top of it
 */
export async function integrate(ctx: LedgerContext, lease?: Lease): Promise<number> {
  const { origin } = ctx.ledger;
  return ctx.db.transaction(async (tx) => {
    const { log } = await openLog(tx, ctx);
    if (lease && !(await holdsLease(tx, lease))) return 0;
    const head = await lockHead(tx, log);
    const leaves = await takePending(tx, log);
    if (leaves.length === 0) return 0;

    const edge = await loadEdge(tx, log, head.size);
    checkRoot(origin, head, edge);
    const size = head.size + leaves.length;
    const changed = growTiles(
      head.size,
      edge,
      leaves.map(({ data }) => data),
    );
    const root = rootOfTree(size, hashesIn(new Map([...edge, ...bodiesOf(changed)])));

    await writeTiles(tx, log, changed);
    await tx.query('insert into ledger_position (log, id, index) select $1, * from unnest($2::uuid[], $3::bigint[])', [
      log,
      leaves.map(({ id }) => id),
      leaves.map((_, offset) => head.size + offset),
    ]);
    await tx.query('update ledger_log set size = $2, root = $3, note = $4, at = $5 where log = $1', [
      log,
      size,
      root,
      signCheckpoint({ origin, size, root }, ctx.ledger.key),
      ctx.clock.now(),
    ]);
    tx.afterCommit(() => announce(ctx.db, 'integrated', origin));
    return leaves.length;
  });
}

async function lockHead(tx: Tx, log: number): Promise<{ size: number; root: Buffer }> {
  const [head] = await tx.query<{ size: number; root: Buffer }>(
    'select size, root from ledger_log where log = $1 for update',
    [log],
  );
  return head as { size: number; root: Buffer };
}

/** Ids are made in the order of time, more or less; sorted by them, neighbours in the log are neighbours in time. */
async function takePending(tx: Tx, log: number): Promise<Pending[]> {
  const taken = await tx.query<Pending>(
    `delete from ledger_pending where log = $1 and id = any(array(
       select id from ledger_pending where log = $1 order by id limit $2)) returning id, data`,
    [log, LARGEST_BATCH],
  );
  return taken.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function checkRoot(origin: string, head: { size: number; root: Buffer }, edge: TileBodies): void {
  const complete = blocksOf({ start: 0, end: head.size }).every((block) => {
    const { level, tile, from, count } = tileSlice(block);
    return (edge.get(tileName(level, tile))?.length ?? 0) >= (from + count) * ENTRY;
  });
  if (!complete || !rootOfTree(head.size, hashesIn(edge)).equals(head.root)) {
    throw new Failure('LEDGER_DAMAGED', { origin, size: head.size });
  }
}
