// For the tests of this room only.
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { generateKey } from '../crypto/index.ts';
import type { Db, Json, Queryable } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import type { LedgerContext } from './context.ts';
import { type LeafKind, migrations } from './index.ts';
import { appendLeaf, appendLeaves } from './log/append.ts';

export const ORIGIN = 'commonway/test/kz';

export async function freshLedger(t: TestContext, origin = ORIGIN): Promise<LedgerContext> {
  return ledgerOn(await freshDb(t, [migrations]), origin);
}

export function ledgerOn(db: Db, origin = ORIGIN, key = generateKey()): LedgerContext {
  return { db, clock: manualClock('2026-11-22T19:28:11.000Z'), ledger: { origin, key } };
}

/** Logs `count` things in one transaction; gives their ids. */
export async function log(ctx: LedgerContext, count: number, kind: LeafKind = 'access'): Promise<string[]> {
  const contents: Json[] = Array.from({ length: count }, (_, number) => ({ number }));
  const leaves = await ctx.db.transaction((tx) =>
    appendLeaves(
      tx,
      ctx,
      contents.map((content) => ({ kind, content })),
    ),
  );
  return leaves.map(({ id }) => id);
}

export async function logOne(ctx: LedgerContext, content: Json): Promise<string> {
  return (await ctx.db.transaction((tx) => appendLeaf(tx, ctx, { kind: 'access', content }))).id;
}

/** Waits until something is so; the test's own time limit ends a wait in vain. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(10);
  }
}

/** A database whose transactions break at their n-th statement: before it runs, or after it ran. */
export function breaking(db: Db, at: number, when: 'before' | 'after'): Db {
  return {
    ...db,
    transaction: (work) =>
      db.transaction((tx) => {
        let count = 0;
        const query: Queryable['query'] = async (text, values) => {
          count++;
          if (count === at && when === 'before') throw new Error('killed');
          const rows = await tx.query(text, values);
          if (count === at) throw new Error('killed');
          return rows as never;
        };
        return work({ ...tx, query });
      }),
  };
}
