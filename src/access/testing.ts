import type { TestContext } from 'node:test';
import { migrations as ledgerMigrations } from '../ledger/index.ts';
import { type Clock, openDb } from '../storage/index.ts';
import { freshUrl, type ManualClock, manualClock } from '../storage/testing.ts';
import { migrations as unionMigrations } from '../union/index.ts';
import { testUnion, testView } from '../union/testing.ts';
import type { AccessContext } from './context.ts';
import { addGrant, type Grant, type NewGrant } from './grants.ts';
import { migrations } from './index.ts';
import { publishService } from './services.ts';

/** A moment in the middle of what the unions of tests last. */
export const NOW = '2026-06-01T10:00:00.000Z';
/** The day of a grant's end where a test does not care. */
export const LATER = '2027-06-01T00:00:00.000Z';
/** What the tests call. */
export const SERVICE = { agency: 'kz.population', system: 'register', service: 'life-events' };
export const CALLER = { agency: 'by.pension-fund', system: 'registry' };

export interface AccessTest {
  ctx: AccessContext;
  /** The same store as another process has it. */
  other: AccessContext;
  clock: ManualClock;
  grant(more?: Partial<NewGrant>): Promise<Grant>;
}

/** The access of Kazakhstan's node in two processes, with a service that nobody may call yet. */
export async function accessTest(t: TestContext): Promise<AccessTest> {
  const url = await freshUrl(t, [ledgerMigrations, unionMigrations, migrations]);
  const union = testUnion();
  const clock = manualClock(NOW);
  const keys = union.keys.kz;
  if (keys === undefined) throw new Error('no kz');
  const open = (at: Clock): AccessContext => {
    const db = openDb(url, { connections: 4 });
    t.after(() => db.close());
    return {
      db,
      clock: at,
      ledger: { origin: 'commonway/test/kz', key: keys.ledger },
      trust: { ...testView(union, 'kz', at), self: 'kz' },
    };
  };
  const ctx = open(clock);
  await publishService(ctx, {
    name: 'kz.population/register/life-events',
    url: 'http://127.0.0.1:9',
    persons: ['none'],
    by: 'operator',
  });
  return {
    ctx,
    other: open(clock),
    clock,
    grant: (more = {}) =>
      addGrant(ctx, {
        subject: { kind: 'agency', name: CALLER.agency },
        service: 'kz.population/register/life-events',
        purpose: { ground: 'Law on the register, article 7' },
        expires: LATER,
        by: 'kz.population',
        ...more,
      }),
  };
}
