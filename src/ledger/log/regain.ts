import type { PublicKey } from '../../crypto/index.ts';
import { Failure, type Tx } from '../../storage/index.ts';
import type { LedgerContext } from '../context.ts';
import { readEntries } from '../monitor/entries.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { type TreeHead, verifyCheckpoint } from '../proof/index.ts';
import { TILE_WIDTH } from '../tree/blocks.ts';
import { bodiesOf, hashesIn } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { rootOfTree } from '../tree/hash.ts';
import { loadEdge, writeTiles } from '../tree/stored-tiles.ts';
import type { ReadPath } from './audit.ts';
import { openLog } from './log-row.ts';
import { signCheckpoint } from './sign-checkpoint.ts';
import { announce } from './wake.ts';

/** How the log stands after others were asked for what they hold of it. */
export interface Regained {
  /** Leaves that the log had, and has. */
  before: number;
  size: number;
}

/**
 * Brings a log that was restored from an old backup up to what other nodes have seen of it, before anything is appended: a leaf under an index
 * that was given already would be a second history. Each checkpoint counts only with this log's own signature, so nobody can make the log
 * longer than it was. Regained leaves are hashes: what opens them is lost, and comes anew with the messages that the counterparties keep. Leaves
 * that wait here and were in the lost part get their places back.
 * @param sources what other nodes hold, by the paths of `readMirrorPath`
 * @param ownKeys the log's keys of all times
 * @throws Failure LEDGER_TAIL_LOST where a witness saw more than anybody mirrored, or another history: then the log cannot go on
 * @example const { before, size } = await regainLog(ctx, peers.map(readMirrorOf), trust.keys(self, 'ledger'))
 */
export async function regainLog(
  ctx: LedgerContext,
  sources: readonly ReadPath[],
  ownKeys: readonly PublicKey[],
): Promise<Regained> {
  const { origin } = ctx.ledger;
  const held = async (read: ReadPath, path: string): Promise<TreeHead | undefined> => {
    const note = (await read(path))?.toString('utf8') ?? '';
    if (note === '') return undefined;
    const checked = await verifyCheckpoint(nodeProofCrypto, note, {
      ...{ origin, ledgerKeys: [...ownKeys], witnesses: [], quorum: 0 },
    });
    return checked.verified ? checked.head : undefined;
  };
  const found = await Promise.all(
    sources.map(async (read) => ({
      read,
      mirrored: await held(read, 'checkpoint'),
      seen: await held(read, 'witnessed'),
    })),
  );
  const { size: before } = await openLog(ctx.db, ctx);
  const most = Math.max(before, ...found.flatMap(({ mirrored, seen }) => [mirrored?.size ?? 0, seen?.size ?? 0]));
  if (most === before) return { before, size: before };
  for (const { read, mirrored } of found.sort((a, b) => (b.mirrored?.size ?? 0) - (a.mirrored?.size ?? 0))) {
    if (mirrored === undefined || mirrored.size <= before) continue;
    const entries = await readEntries(read, before, mirrored.size);
    if (entries === undefined) continue;
    const size = await takeBack(ctx, before, mirrored, entries.slice(before % TILE_WIDTH));
    if (size === most) return { before, size };
    if (size !== undefined) throw new Failure('LEDGER_TAIL_LOST', { origin, size, held: most });
  }
  throw new Failure('LEDGER_TAIL_LOST', { origin, size: before, held: most });
}

/** @returns the log's size; undefined where these leaves do not give the signed root on top of ours */
async function takeBack(
  ctx: LedgerContext,
  before: number,
  head: TreeHead,
  entries: readonly Buffer[],
): Promise<number | undefined> {
  const { origin, key } = ctx.ledger;
  return ctx.db.transaction(async (tx) => {
    const { log } = await openLog(tx, ctx);
    const [row] = await tx.query<{ size: number }>('select size from ledger_log where log = $1 for update', [log]);
    // Another process of this node was faster.
    if (row?.size !== before) return row?.size;
    const edge = await loadEdge(tx, log, before);
    const tiles = growTiles(before, edge, entries);
    const root = rootOfTree(head.size, hashesIn(new Map([...edge, ...bodiesOf(tiles)])));
    if (!root.equals(head.root)) return undefined;
    await writeTiles(tx, log, tiles);
    await placePending(tx, log, before, entries);
    await tx.query('update ledger_log set size = $2, root = $3, note = $4, at = $5 where log = $1', [
      log,
      head.size,
      root,
      signCheckpoint({ origin, size: head.size, root }, key),
      ctx.clock.now(),
    ]);
    tx.afterCommit(() => announce(ctx.db, 'integrated', origin));
    return head.size;
  });
}

/** What waits here and was integrated in the lost part has its index already: each leaf's data is its own, by its salt. */
async function placePending(tx: Tx, log: number, before: number, entries: readonly Buffer[]): Promise<void> {
  await tx.query(
    `with regained as (select * from unnest($2::bytea[], $3::bigint[]) as regained (data, index)),
       placed as (delete from ledger_pending p using regained r where p.log = $1 and p.data = r.data returning p.id, r.index)
     insert into ledger_position (log, id, index) select $1, id, index from placed`,
    [log, entries, entries.map((_, offset) => before + offset)],
  );
}

/**
 * Goes on under a new origin: what waits under the old one is appended here. The old log stays as it was, and proves what it proved.
 * @returns how many leaves were carried over
 */
export async function carryPendingOver(ctx: LedgerContext): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const { log } = await openLog(tx, ctx);
    const base = ctx.ledger.origin.replace(/\/\d+$/, '');
    const old = `select log from ledger_log where log <> $1 and regexp_replace(origin, '/\\d+$', '') = $2`;
    const moved = await tx.query<{ id: string }>(
      `update ledger_pending set log = $1 where log in (${old}) returning id`,
      [log, base],
    );
    const ids = moved.map(({ id }) => id);
    await tx.query(`update ledger_opening set log = $1 where log in (${old}) and id = any($3)`, [log, base, ids]);
    return moved.length;
  });
}
