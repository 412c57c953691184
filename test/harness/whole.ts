import assert from 'node:assert/strict';
import { join } from 'node:path';
import { FormClient } from '../../src/cli/demo/form-client.ts';
import { auditLedger } from '../../src/ledger/index.ts';
import { type Db, openDb, systemClock } from '../../src/storage/index.ts';
import { openTrust, readUnionFolder } from '../../src/union/index.ts';
import type { TestUnion } from './union.ts';

/** The databases of all states, opened beside the running nodes. */
export async function withDatabases<T>(
  { union }: Pick<TestUnion, 'union'>,
  work: (databases: Record<string, Db>) => Promise<T>,
): Promise<T> {
  const databases = Object.fromEntries(
    union.states.map(({ state, databaseUrl }) => [state, openDb(databaseUrl, { connections: 2 })]),
  );
  try {
    return await work(databases);
  } finally {
    await Promise.all(Object.values(databases).map((db) => db.close()));
  }
}

/** How many things are still on their way: cases, files, messages, jobs that wait for nothing but their turn. */
export async function onTheWay(databases: Record<string, Db>): Promise<number> {
  const counts = await Promise.all(
    Object.values(databases).map(async (db) => {
      const [row] = await db.query<{ open: number }>(
        `select (select count(*) from application_cases where status not in ('decided', 'refused'))
              + (select count(*) from held_documents where file is null)
              + (select count(*) from exchange_sent where status in ('waiting', 'confirming'))
              + (select count(*) from exchange_received where status = 'received')
              + (select count(*) from job where queue = 'persons/notice' and dead_at is null) as open`,
      );
      return Number(row?.open ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What was decided for the applications that one state's people sent. */
export interface DecidedCase {
  application: string;
  state: string;
  status: string;
  outcome: string | null;
}

/**
 * Nothing lost, nothing doubled: every application has exactly the case it wants in every paying state, decided once, with one document
 * where it was granted; what one side sent is what the other received.
 */
export async function assertWhole(databases: Record<string, Db>): Promise<DecidedCase[]> {
  const decided: DecidedCase[] = [];
  for (const [home, db] of Object.entries(databases)) {
    const rows = await db.query<DecidedCase>(
      `select application, state, status, decision->'payload'->>'outcome' as outcome from application_cases`,
    );
    decided.push(...rows);
    for (const { application, state, status, outcome } of rows) {
      const where = `${home} ${application} ${state}`;
      assert.equal(status, 'decided', where);
      await assertDecidedOnce(databases[state] as Db, application, outcome, where);
    }
    await assertNoDoubles(db, home);
    await assertDelivered(databases, home, db);
  }
  return decided;
}

async function assertDecidedOnce(db: Db, application: string, outcome: string | null, where: string): Promise<void> {
  const cases = await db.query<{ id: string; outcome: string; decisions: number; documents: number }>(
    `select c.id, c.outcome,
       (select count(*)::int from case_actions a where a.case_id = c.id and a.verb = 'decide') as decisions,
       (select count(*)::int from documents d where d.case_id = c.id::text) as documents
     from cases c where c.application = $1`,
    [application],
  );
  assert.equal(cases.length, 1, `${where}: one case`);
  assert.equal(cases[0]?.outcome, outcome, `${where}: both sides tell one outcome`);
  assert.equal(cases[0]?.decisions, 1, `${where}: decided once`);
  assert.equal(cases[0]?.documents, outcome === 'refused' ? 0 : 1, `${where}: one document`);
}

async function assertNoDoubles(db: Db, state: string): Promise<void> {
  const doubles = await db.query(
    `select case_id, actor->>'id' from case_actions where verb = 'confirm' group by 1, 2 having count(*) > 1`,
  );
  assert.deepEqual(doubles, [], `${state}: nobody confirmed twice`);
  const dead = await db.query<{ queue: string; key: string }>('select queue, key from job where dead_at is not null');
  assert.deepEqual(dead, [], `${state}: no work was given up`);
}

async function assertDelivered(databases: Record<string, Db>, from: string, db: Db): Promise<void> {
  const sent = await db.query<{ id: string; receiver: string }>('select id, receiver from exchange_sent order by id');
  for (const [to, other] of Object.entries(databases)) {
    const received = await other.query<{ id: string }>(
      'select id from exchange_received where sender = $1 order by id',
      [from],
    );
    const wanted = sent.filter(({ receiver }) => receiver === to).map(({ id }) => id);
    assert.deepEqual(
      received.map(({ id }) => id),
      wanted,
      `${from} -> ${to}: what was sent is what was received, once`,
    );
  }
}

/** Every state's ledger recomputed from what it serves to anybody, under a checkpoint that enough others have witnessed. */
export async function assertLedgers(
  { union, place }: Pick<TestUnion, 'union' | 'place'>,
  databases: Record<string, Db>,
): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const { state, folder } of union.states) {
    const db = databases[state] as Db;
    const trust = await openTrust(
      { db, clock: systemClock },
      { self: state, files: readUnionFolder(join(folder, 'trust')) },
    );
    const reader = new FormClient(place.portals[state] ?? '');
    const audit = await auditLedger((path) => readPublic(reader, path), {
      origin: trust.manifest(state).ledger.origin,
      ledgerKeys: trust.keys(state, 'ledger'),
      witnesses: trust
        .states()
        .filter((other) => other !== state)
        .map((other) => trust.keys(other, 'witness')),
      quorum: 0,
    });
    await reader.close();
    assert.ok(audit.verified, `${state}: ${JSON.stringify(audit)}`);
    sizes[state] = audit.head.size;
    const served = new Set(audit.entries.map((entry) => entry.toString('hex')));
    assert.equal(served.size, audit.head.size, `${state}: each leaf once`);
  }
  return sizes;
}

async function readPublic(reader: FormClient, path: string): Promise<Buffer | undefined> {
  return reader.download(`/ledger/${path}`).catch(() => undefined);
}
