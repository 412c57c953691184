import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, randomId, sha256 } from '../src/crypto/index.ts';
import {
  appendLeaves,
  checkpoint,
  inclusion,
  type LedgerContext,
  migrations,
  sequenceNow,
} from '../src/ledger/index.ts';
import { type Db, migrate, openDb, provision, startEmbedded, systemClock } from '../src/storage/index.ts';
import { type BenchSurroundings, type Figure, figure, median, type Report } from './_report.ts';

/** How many leaves without being told otherwise: a few minutes on two processors. */
const LEAVES = 100_000;
const MOST = 10_000_000;
/** Leaves of one transaction; what a node gathers in a busy moment. */
const BATCH = 4_096;
/** Measured on the development machine: leaf, opening, position, tiles and the indexes of all, and the bare table beside it. */
const BYTES_A_LEAF = 700;
/** A run ends here with what it has, and says so. */
const MOST_MS = 25 * 60_000;
const PROOFS = 500;

/**
 * The log beside a bare table of the same leaves in the same database: 32 bytes and a UUID with an index over both, no salt, no tree, no
 * signature. What appending costs at the beginning and at the end, proofs at full size, and the first checkpoint after a restart.
 *
 * The proof's peer is what has no tree kept: the root recomputed from all leaves in memory, without reading them from anywhere.
 */
export async function run({ root, leaves: wanted = LEAVES }: BenchSurroundings): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'commonway-ledger-'));
  const { bavail, bsize } = statfsSync(home);
  const fits = Math.floor((bavail * bsize * 0.8) / BYTES_A_LEAF);
  const count = Math.min(Math.max(wanted, 2 * 10 * BATCH), MOST, fits);
  const server = await startEmbedded({ folder: join(home, 'postgres'), root });
  try {
    const url = await provision(server.adminUrl, { name: 'bench', password: 'bench' });
    const db = openDb(url, { connections: 4 });
    try {
      await migrate(db, [migrations]);
      await db.query(
        'create table bare (index bigint generated always as identity primary key, id uuid not null unique, data bytea not null)',
      );
      const ctx = { db, clock: systemClock, ledger: { origin: 'commonway/bench/kz', key: generateKey() } };
      const filled = await fill(ctx, count);
      const why =
        filled.done < wanted ? ` of ${wanted} (${filled.done < count ? 'time' : 'disk'} lacked for more)` : '';
      const figures = [
        ...appendFigures(filled),
        ...(await proofFigures(ctx, filled)),
        ...(await restartFigures(ctx, url, filled.done)),
      ];
      return {
        name: 'ledger',
        goal: `append cost flat, a proof under 5 ms, a checkpoint after a restart without reading all leaves; ran ${filled.done} leaves${why}`,
        figures,
      };
    } finally {
      await db.close();
    }
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Filled {
  done: number;
  /** Microseconds a leaf, one value a batch, in their order. */
  ours: number[];
  theirs: number[];
  ids: string[];
}

/** Both sides take turns batch by batch, so that a machine that is busy is busy for both. */
async function fill(ctx: LedgerContext, count: number): Promise<Filled> {
  const filled: Filled = { done: 0, ours: [], theirs: [], ids: [] };
  const began = performance.now();
  while (filled.done < count && performance.now() - began < MOST_MS) {
    const size = Math.min(BATCH, count - filled.done);
    const leaves = Array.from({ length: size }, (_, at) => ({
      id: randomId(),
      kind: 'access' as const,
      content: { number: filled.done + at },
    }));
    const microseconds = async (work: () => Promise<unknown>) => {
      const start = performance.now();
      await work();
      return ((performance.now() - start) * 1000) / size;
    };
    filled.ours.push(
      await microseconds(async () => {
        await ctx.db.transaction((tx) => appendLeaves(tx, ctx, leaves));
        while ((await sequenceNow(ctx)) > 0);
      }),
    );
    const bare = leaves.map(({ id, content }) => [id, sha256(String(content.number))] as const);
    filled.theirs.push(await microseconds(() => insertBare(ctx.db, bare)));
    if (filled.ids.length < PROOFS * 20) filled.ids.push(...leaves.slice(0, 4).map(({ id }) => id));
    filled.ids.push(leaves.at(-1)?.id ?? '');
    filled.done += size;
  }
  return filled;
}

const insertBare = (db: Db, rows: readonly (readonly [string, Buffer])[]) =>
  db.transaction((tx) =>
    tx.query('insert into bare (id, data) select * from unnest($1::uuid[], $2::bytea[])', [
      rows.map(([id]) => id),
      rows.map(([, data]) => data),
    ]),
  );

function appendFigures({ ours, theirs }: Filled): Figure[] {
  const tenth = Math.max(1, Math.floor(ours.length / 10));
  // The very first batches fill caches and plans, not the log.
  const first = (all: readonly number[]) => all.slice(Math.min(2, all.length - tenth)).slice(0, tenth);
  const last = (all: readonly number[]) => all.slice(-tenth);
  const growth = (all: readonly number[]) => median(last(all)) / median(first(all));
  const peer = 'INSERT into a bare table';
  return [
    figure('append and sequence one leaf', 'µs', ours, peer, theirs),
    figure('the same, in the last tenth', 'µs', last(ours), peer, last(theirs)),
    { ...figure('last tenth by first tenth', 'times', [growth(ours)], peer, [growth(theirs)]), runs: tenth },
  ];
}

async function proofFigures(ctx: LedgerContext, { ids, done }: Filled): Promise<Figure[]> {
  const times: number[] = [];
  for (let at = 0; at < PROOFS; at++) {
    const id = ids[Math.floor((at / PROOFS) * ids.length)] ?? '';
    const start = performance.now();
    if ((await inclusion(ctx, id)) === undefined) throw new Error(`no proof of ${id}`);
    times.push(performance.now() - start);
  }
  const leaves = Array.from({ length: Math.min(done, 1_000_000) }, (_, at) => sha256(String(at)));
  const start = performance.now();
  naiveRoot(leaves);
  const naive = (performance.now() - start) * (done / leaves.length);
  const peer = 'recompute from all leaves in memory';
  const p99 = times.toSorted((one, other) => one - other)[Math.floor(PROOFS * 0.99)] ?? 0;
  return [
    { ...figure('proof of inclusion at full size, median', 'ms', times, peer, [naive]), runs: PROOFS },
    { ...figure('proof of inclusion at full size, p99', 'ms', [p99], peer, [naive]), runs: PROOFS },
  ];
}

/** The Merkle tree hash of RFC 9162 section 2.1.1, level by level. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves.map((leaf) => sha256(Buffer.concat([Buffer.of(0), leaf])));
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Buffer, level[at + 1]];
      above.push(right === undefined ? left : sha256(Buffer.concat([Buffer.of(1), left, right])));
    }
    level = above;
  }
  return level[0] ?? sha256('');
}

/** From a new pool of connections to a checkpoint that covers one leaf more; the rows are counted by PostgreSQL. */
async function restartFigures(ctx: LedgerContext, url: string, done: number): Promise<Figure[]> {
  const before = await rowsRead(ctx.db);
  const start = performance.now();
  const db = openDb(url, { connections: 2 });
  try {
    const again = { ...ctx, db };
    await db.transaction((tx) => appendLeaves(tx, again, [{ kind: 'access', content: 'after the restart' }]));
    await sequenceNow(again);
    await checkpoint(again);
    const milliseconds = performance.now() - start;
    await db.query('select pg_stat_force_next_flush()');
    const rows = (await rowsRead(db)) - before;
    const scan = performance.now();
    await db.query('select count(*), max(data) from bare');
    const peer = 'read all leaves of a bare table';
    return [
      figure('first checkpoint after a restart', 'ms', [milliseconds], peer, [performance.now() - scan]),
      figure('rows read for it', 'rows', [rows], peer, [done]),
    ];
  } finally {
    await db.close();
  }
}

/** Rows of the log that any statement has fetched so far, by index or by going through a table. */
async function rowsRead(db: Db): Promise<number> {
  await db.query('select pg_stat_force_next_flush()');
  const [row] = await db.query<{ rows: number }>(
    `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::float8 as rows from pg_stat_user_tables where relname like 'ledger\\_%'`,
  );
  return row?.rows ?? 0;
}
