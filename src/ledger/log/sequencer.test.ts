import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomId } from '../../crypto/index.ts';
import { openDb } from '../../storage/index.ts';
import { freshUrl } from '../../storage/testing.ts';
import { migrations } from '../index.ts';
import { freshLedger, ledgerOn, log, logOne, until } from '../testing-ledger.ts';
import { auditLedger } from './audit.ts';
import { takeLease } from './lease.ts';
import { openLog } from './log-row.ts';
import { leafState } from './read.ts';
import { startSequencer } from './sequencer.ts';
import { readLedgerPath } from './serve.ts';

const sequenced = (ctx: Parameters<typeof leafState>[0], id: string) =>
  until(async () => ((await leafState(ctx, id))?.index === undefined ? undefined : true));

test('a running sequencer gives leaves their indexes, those of this process and those of others', async (t) => {
  const url = await freshUrl(t, [migrations]);
  const [here, there] = [openDb(url), openDb(url)];
  const ctx = ledgerOn(here);
  const elsewhere = ledgerOn(there, ctx.ledger.origin, ctx.ledger.key);
  const sequencer = startSequencer(ctx);
  try {
    await sequenced(ctx, await logOne(ctx, 'here'));
    await sequenced(ctx, await logOne(elsewhere, 'there'));
  } finally {
    await sequencer.stop();
    await Promise.all([here.close(), there.close()]);
  }
});

test('from one integration to the next look for the leaves of others it rests no longer than from look to look', async (t) => {
  const url = await freshUrl(t, [migrations]);
  const [here, there] = [openDb(url), openDb(url)];
  const ctx = ledgerOn(here);
  const rests = t.mock.method(globalThis, 'setTimeout').mock;
  const sequencer = startSequencer(ctx);
  try {
    // Of another's leaf nobody rings: it is found by a look, and no rest is cut short.
    await sequenced(ctx, await logOne(ledgerOn(there, ctx.ledger.origin, ctx.ledger.key), 'there'));
    const [breath, look] = [100, 180];
    const delays = () => rests.calls.map(({ arguments: [, delay] }) => Number(delay));
    const after = () =>
      delays()
        .slice(delays().indexOf(breath) + 1)
        .filter((delay) => delay > 0 && delay <= look);
    await until(async () => (delays().includes(breath) && after().includes(look) ? true : undefined));
    assert.ok(breath + (after()[0] as number) <= look, String(after()));
  } finally {
    await sequencer.stop();
    await Promise.all([here.close(), there.close()]);
  }
});

test('two processes that share a database sequence it together: every leaf once, none missing', async (t) => {
  const url = await freshUrl(t, [migrations]);
  const dbs = [openDb(url), openDb(url)];
  const [first] = dbs as [ReturnType<typeof openDb>];
  const one = ledgerOn(first);
  const contexts = dbs.map((db) => ledgerOn(db, one.ledger.origin, one.ledger.key));
  const errors: unknown[] = [];
  const sequencers = contexts.map((ctx) => startSequencer(ctx, { onError: (error) => errors.push(error) }));
  try {
    const ids = await Promise.all(
      contexts.flatMap((ctx) => Array.from({ length: 20 }, (_, number) => log(ctx, 1 + (number % 13)))),
    );
    // The one that holds the lease goes away in the middle; the other takes over.
    await sequencers[0]?.stop();
    for (const id of ids.flat()) await sequenced(one, id);
    const trust = { ledgerKeys: [one.ledger.key.public], witnesses: [], quorum: 0 };
    const audited = await auditLedger(async (path) => (await readLedgerPath(one, path)).body, trust);
    assert.ok(audited.verified);
    assert.equal(audited.entries.length, ids.flat().length);
    assert.deepEqual(errors, []);
  } finally {
    await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
    await Promise.all(dbs.map((db) => db.close()));
  }
});

test('the lease of a process that was killed runs out, and the next one goes on', async (t) => {
  const ctx = await freshLedger(t);
  const { log: number } = await openLog(ctx.db, ctx);
  await takeLease(ctx.db, { log: number, task: 'sequence', holder: randomId(), ttlMs: 300 });
  const sequencer = startSequencer(ctx);
  try {
    await sequenced(ctx, await logOne(ctx, 'after'));
  } finally {
    await sequencer.stop();
  }
});

test('a failure is reported and tried again', async (t) => {
  const ctx = await freshLedger(t);
  const errors: unknown[] = [];
  let broken = true;
  const db: typeof ctx.db = {
    ...ctx.db,
    transaction: (work) => (broken ? Promise.reject(new Error('away')) : ctx.db.transaction(work)),
  };
  const sequencer = startSequencer({ ...ctx, db }, { onError: (error) => errors.push(error) });
  try {
    const id = await logOne(ctx, 'while away');
    await until(async () => errors.length > 1);
    broken = false;
    await sequenced(ctx, id);
  } finally {
    await sequencer.stop();
  }
});
