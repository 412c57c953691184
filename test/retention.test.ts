// What authorities were sent is deleted once its time is over: the log still verifies, also for those who watch it, what was deleted cannot be
// disclosed any more, and the person is told what was deleted and when.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { migrations as calls } from '../src/calls/index.ts';
import { actionsOf } from '../src/cases/append.ts';
import { openCaseFile } from '../src/cases/index.ts';
import { makeClaim, officer, testDecider } from '../src/cases/testing.ts';
import { ANNA, decidedCase } from '../src/cases/testing-corrections.ts';
import { carried, clerk, customs, invoice, licence } from '../src/cases/testing-files.ts';
import { ledgerTrustOf } from '../src/exchange/index.ts';
import {
  auditLedger,
  followLog,
  inclusion,
  migrations as ledgerMigrations,
  readLedgerPath,
  sequenceNow,
  verifyInclusion,
} from '../src/ledger/index.ts';
import { dueNow, RETENTION, retentionJob, runRetention, wantRetention } from '../src/node/retention.ts';
import { isFailure, type Json, migrate } from '../src/storage/index.ts';
import { freshDb, manualClock } from '../src/storage/testing.ts';

const YEAR_MS = 366 * 86_400_000;
const NOTHING = { cases: 0, notices: 0, opinions: 0, messages: 0, calls: 0 };

interface Entry {
  person: string;
  leaf: string;
  content: { fields: string[]; purpose: string; case: string | null; at: string };
}

/** Russia's decided case of a person of Kazakhstan, whose data may be kept for five years. */
async function decided(t: TestContext) {
  const made = await decidedCase(t);
  const { ctx } = made;
  await migrate(ctx.db, [calls]);
  const count = async (sql: string) =>
    (await ctx.db.query<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]?.n;
  const deletions = async () =>
    (await ctx.db.query<Entry>('select person, leaf, content from access_entries order by id')).filter(({ content }) =>
      content.purpose.endsWith('.erasure'),
    );
  return { ...made, count, deletions };
}

test('nothing is deleted before its time, and once it is over everything that was sent goes, and is told', async (t) => {
  const { ctx, id, count, deletions, application } = await decided(t);
  await ctx.db.query(
    `insert into stored_file (owner, digest, kind, size, bytes, status, stored_at) values ($1, 'd', 'pdf', 1, 'x', 'clean', $2)`,
    [id, ctx.clock.now()],
  );
  await ctx.db.query(
    `insert into call_batch (id, direction, peer, at, envelope, signature, entries, names, leaf, place)
     select gen_random_uuid(), 'in', 'kz', $1, '', '', '', '{}', gen_random_uuid(), 0`,
    [ctx.clock.now()],
  );
  assert.deepEqual(await runRetention(ctx), NOTHING);
  assert.deepEqual(await dueNow(ctx), []);
  ctx.clock.advance(5 * YEAR_MS);
  assert.deepEqual(
    (await dueNow(ctx)).map((kept) => [kept.kind, kept.id, kept.home]),
    [['case', id, 'kz']],
  );
  // What has not reached its receiver yet would stay.
  await ctx.db.query(`update exchange_sent set status = 'delivered'`);
  const bodies = await count('exchange_received where body is not null');
  const erased = await runRetention(ctx);
  assert.deepEqual([erased.cases, erased.calls, await count('stored_file')], [1, 1, 0]);
  assert.ok(erased.messages >= Number(bodies));
  assert.equal(await count('exchange_received where body is not null or salt is not null'), 0);
  assert.equal(
    await count(`exchange_sent where application = '${application}' and (body is not null or salt is not null)`),
    0,
  );
  assert.equal(
    await count(`case_payloads p join case_actions a using (case_id, sequence) where a.verb in ('open', 'propose')`),
    0,
  );
  assert.equal(
    await count(`case_payloads p join case_actions a using (case_id, sequence) where a.verb = 'decide'`),
    1,
    'its own decision stays',
  );
  const [told, ...more] = await deletions();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [told?.person, told?.content.fields, told?.content.purpose, told?.content.case, told?.content.at],
    ['kz/reference of kz', ['application', 'evidence', 'file'], 'pension.erasure', id, ctx.clock.now()],
  );
  assert.equal(
    await count(`job where queue = 'persons/notice'`),
    await count('access_entries'),
    'her home is told of it like of a use',
  );
  assert.deepEqual(await runRetention(ctx), NOTHING, 'once');
});

test('the log and those who watch it hold, and what was deleted can be shown to nobody', async (t) => {
  const { ctx, id } = await decided(t);
  await sequenceNow(ctx);
  const trust = { ...ledgerTrustOf(ctx.trust, 'ru'), quorum: 0 };
  const read = (path: string) => readLedgerPath(ctx, path).then((answer) => answer?.body);
  const watcher = { db: await freshDb(t, [ledgerMigrations]), clock: manualClock(ctx.clock.now()) };
  assert.equal((await followLog(watcher, read, trust)).state, 'mirrored');
  const [use] = await ctx.db.query<Entry>('select person, leaf, content from access_entries order by id limit 1');
  const before = (
    await ctx.db.query<{ data: string }>(`select string_agg(digest, ',' order by sequence) as data from case_actions`)
  )[0]?.data;

  ctx.clock.advance(5 * YEAR_MS);
  await runRetention(ctx);
  await sequenceNow(ctx);
  assert.equal((await auditLedger(read, trust)).verified, true);
  watcher.clock.set(ctx.clock.now());
  assert.equal((await followLog(watcher, read, trust)).state, 'mirrored');
  const proof = await inclusion(ctx, use?.leaf ?? '');
  assert.ok(proof);
  const content = use?.content as unknown as Json;
  const verdict = await verifyInclusion(proof, { ...trust, content });
  assert.equal(verdict.verified, true, 'the record of a use outlives what was used');

  const after = (
    await ctx.db.query<{ data: string }>(`select string_agg(digest, ',' order by sequence) as data from case_actions`)
  )[0]?.data;
  assert.equal(after, before, 'the chain of the case stands');
  const isErased = (error: unknown) => isFailure(error, 'CASE_ERASED');
  const uses = async () => (await ctx.db.query('select 1 from access_entries')).length;
  const had = await uses();
  await assert.rejects(openCaseFile(ctx, ANNA, id), isErased);
  await assert.rejects(openCaseFile(ctx, officer('new'), id), isErased);
  assert.equal(await uses(), had, 'who was shown nothing has read nothing');
  // A payload that somebody takes away by himself is another matter.
  await ctx.db.query('update cases set erased_at = null');
  await assert.rejects(actionsOf(ctx.db, id), (error) => isFailure(error, 'CASE_LOG_BROKEN'));
});

test('an award that waits for the others is not settled, however old', async (t) => {
  const { ctx, deliver, claim } = await customs(t);
  await migrate(ctx.db, [calls]);
  await deliver(claim(carried(licence, invoice)));
  const [row] = await ctx.db.query<{ id: string }>('select id from cases');
  await ctx.db.query(`update cases set phase = 'decided', decided_at = $1`, [ctx.clock.now()]);
  ctx.clock.advance(2 * YEAR_MS);
  assert.equal((await runRetention(ctx)).cases, 0);
  assert.equal((await openCaseFile(ctx, clerk, row?.id ?? '')).files.length, 2);
});

test('of a person everything settled is deleted when she is named, of nobody else, and no case that runs', async (t) => {
  const { ctx, id, deletions, count } = await decided(t);
  const hers = { home: 'kz', references: ['reference of kz'] };
  assert.deepEqual(await runRetention(ctx, { home: 'kz', references: ['another'] }), NOTHING);
  assert.deepEqual(await runRetention(ctx, { home: 'kg', references: ['reference of kz'] }), NOTHING);
  assert.equal((await runRetention(ctx, hers)).cases, 1);
  assert.equal((await deletions())[0]?.content.case, id);
  assert.equal(
    await count('case_payloads'),
    await count(`case_payloads join case_actions using (case_id, sequence) where verb in ('decide', 'confirm')`),
  );
  const running = await testDecider(t);
  await running.deliver(makeClaim(running));
  assert.deepEqual(await runRetention(running.ctx, hers), NOTHING);
});

test('a run a day, and each wants the next', async (t) => {
  const { ctx, count } = await decided(t);
  await ctx.db.transaction((tx) => wantRetention(tx, ctx));
  const [job] = await ctx.db.query<{ key: string; run_at: string }>('select key, run_at from job where queue = $1', [
    RETENTION,
  ]);
  assert.deepEqual([job?.key, job?.run_at], ['2026-11-24', '2026-11-25T02:00:00.000Z']);
  ctx.clock.advance(5 * YEAR_MS);
  const complete = await retentionJob(ctx).run([]);
  await ctx.db.transaction(async (tx) => complete?.(tx));
  assert.equal(await count('cases where erased_at is not null'), 1);
  assert.equal(await count(`job where queue = '${RETENTION}'`), 2);
});
