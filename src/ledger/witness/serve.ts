import { sha256 } from '../../crypto/index.ts';
import type { Instant, Queryable } from '../../storage/index.ts';
import type { LedgerAnswer } from '../log/serve.ts';

/**
 * What a witness shows to monitors (c2sp.org/tlog-witness): `<hex SHA-256 of the origin>/checkpoint` is the last checkpoint of that
 * log that was cosigned here, with the log's signature and ours.
 */
export async function readWitnessPath(ctx: { db: Queryable }, path: string): Promise<LedgerAnswer> {
  const [, wanted] = /^\/?([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
  const rows = wanted
    ? await ctx.db.query<{ origin: string; note: string }>(`select origin, note from ledger_witness where note <> ''`)
    : [];
  const found = rows.find(({ origin }) => sha256(origin).toString('hex') === wanted);
  const type = 'text/plain; charset=utf-8';
  const cache = 'public, max-age=1';
  if (!found) return { status: 404, body: Buffer.from('not found\n'), type, cache };
  return { status: 200, body: Buffer.from(found.note), type, cache };
}

/** Proof that a log showed two histories: two checkpoints of one size, both signed by it. */
export interface Fork {
  origin: string;
  size: number;
  known: string;
  other: string;
  at: Instant;
}

/** The forks that this node has seen as a witness: each is an alarm, and can be shown to anybody. */
export async function listForks(ctx: { db: Queryable }): Promise<Fork[]> {
  return ctx.db.query<Fork>(
    `select origin, size, known_note as known, other_note as other, at from ledger_fork order by at, origin, size`,
  );
}
