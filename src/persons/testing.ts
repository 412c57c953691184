import type { TestContext } from 'node:test';
import type { SigningKey } from '../crypto/index.ts';
import { migrations as ledgerMigrations } from '../ledger/index.ts';
import type { Db } from '../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import { migrations as unionMigrations } from '../union/index.ts';
import { testUnion, testView } from '../union/testing.ts';
import type { PersonsContext } from './context.ts';
import { migrations } from './index.ts';

/** A node of one state, as this room sees it. */
export interface TestPersons extends PersonsContext {
  db: Db;
  clock: ManualClock;
  seal: SigningKey;
}

/** Nodes of some states of one union. */
export async function testPersons(t: TestContext, states: readonly string[]): Promise<TestPersons[]> {
  const union = testUnion();
  const rooms = [ledgerMigrations, unionMigrations, migrations];
  return Promise.all(
    states.map(async (state) => {
      const clock = manualClock('2026-03-02T09:00:00.000Z');
      const db = await freshDb(t, rooms);
      const keys = union.keys[state];
      if (keys === undefined) throw new Error(`no keys of ${state}`);
      const trust = testView(union, state, clock);
      return { db, clock, trust, seal: keys.seal, ledger: { origin: `commonway/test/${state}`, key: keys.ledger } };
    }),
  );
}
