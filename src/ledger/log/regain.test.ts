import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateKey } from '../../crypto/index.ts';
import { type Db, isFailure } from '../../storage/index.ts';
import { freshDb } from '../../storage/testing.ts';
import type { LedgerContext } from '../context.ts';
import { migrations } from '../index.ts';
import { listComplaints } from '../monitor/complaint.ts';
import { followLog } from '../monitor/follow.ts';
import { readMirrorPath } from '../monitor/give-back.ts';
import { freshLedger, ledgerOn, log, ORIGIN } from '../testing-ledger.ts';
import type { ReadPath } from './audit.ts';
import { integrate } from './integrate.ts';
import { inclusion, provable } from './read.ts';
import { carryPendingOver, regainLog } from './regain.ts';
import { readLedgerPath } from './serve.ts';

const TABLES = ['ledger_log', 'ledger_opening', 'ledger_pending', 'ledger_position', 'ledger_tile'];

/** What a backup of the log holds. */
async function backup(db: Db): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const table of TABLES) {
    const [row] = await db.query<{ rows: string }>(`select coalesce(json_agg(t), '[]')::text as rows from ${table} t`);
    all.set(table, row?.rows ?? '[]');
  }
  return all;
}

async function restored(t: TestContext, from: LedgerContext, rows: Map<string, string>): Promise<LedgerContext> {
  const db = await freshDb(t, [migrations]);
  for (const [table, text] of rows) {
    await db.query(
      `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1::json)`,
      [text],
    );
  }
  await db.query(`select setval(pg_get_serial_sequence('ledger_log', 'log'), 1)`);
  return { ...from, db };
}

const own =
  (ctx: LedgerContext): ReadPath =>
  async (path) => {
    const { status, body } = await readLedgerPath(ctx, path);
    return status === 200 ? body : undefined;
  };

/** Another state's node, which mirrors the log, and gives back what it holds. */
async function neighbour(t: TestContext, { ledger }: LedgerContext) {
  const ctx = ledgerOn(await freshDb(t, [migrations]), 'commonway/test/ru');
  const trust = { origin: ORIGIN, ledgerKeys: [ledger.key.public], witnesses: [], quorum: 0 };
  const read: ReadPath = async (path) => {
    const { status, body } = await readMirrorPath(ctx.db, ORIGIN, path);
    return status === 200 ? body : undefined;
  };
  return { ctx, read, look: (log: LedgerContext) => followLog(ctx, own(log), trust) };
}

const lost = (error: unknown) => isFailure(error, 'LEDGER_TAIL_LOST');

test('a log from an old backup regains what another node mirrored, and goes on without a broken word', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 100);
  await integrate(ctx);
  const [waiting = ''] = await log(ctx, 1);
  const rows = await backup(ctx.db);
  await log(ctx, 400);
  await integrate(ctx);
  const ru = await neighbour(t, ctx);
  await ru.look(ctx);

  const old = await restored(t, ctx, rows);
  assert.deepEqual(await regainLog(old, [ru.read], [ctx.ledger.key.public]), { before: 100, size: 501 });
  assert.deepEqual(await regainLog(old, [ru.read], [ctx.ledger.key.public]), { before: 501, size: 501 });
  // What waited in the backup had got its place in the lost part: it gets no second one, and is proven in the first.
  const proof = await inclusion(old, waiting);
  assert.equal(proof?.size, 501);
  assert.deepEqual(proof, await inclusion(ctx, waiting));
  await log(old, 30);
  assert.equal(await integrate(old), 30);
  assert.deepEqual(await ru.look(old), { state: 'mirrored', size: 531 });
  assert.deepEqual(await listComplaints(ru.ctx), []);
});

test('without that, the same neighbour accuses it of a cut tail', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 10);
  await integrate(ctx);
  const rows = await backup(ctx.db);
  await log(ctx, 10);
  await integrate(ctx);
  const ru = await neighbour(t, ctx);
  await ru.look(ctx);
  assert.deepEqual(await ru.look(await restored(t, ctx, rows)), { state: 'broken', reason: 'cut-tail' });
});

test('where a witness saw more than anybody mirrored, the log cannot go on, and a new one takes what waits', async (t) => {
  const ctx = await freshLedger(t);
  const [before = ''] = await log(ctx, 10);
  await integrate(ctx);
  const [waiting = ''] = await log(ctx, 1);
  const rows = await backup(ctx.db);
  await integrate(ctx);
  const ru = await neighbour(t, ctx);
  await ru.look(ctx);
  await log(ctx, 5);
  await integrate(ctx);
  const note = (await own(ctx)('checkpoint'))?.toString() ?? '';
  await ru.ctx.db.query(`insert into ledger_witness (origin, size, root, note, at) values ($1, 16, '', $2, now())`, [
    ORIGIN,
    note,
  ]);
  const old = await restored(t, ctx, rows);
  await assert.rejects(regainLog(old, [ru.read], [ctx.ledger.key.public]), lost);
  const second = { ...(await restored(t, ctx, rows)), ledger: { ...ctx.ledger, origin: `${ORIGIN}/2` } };
  assert.equal(await carryPendingOver(second), 1);
  assert.equal(await integrate(second), 1);
  assert.equal((await inclusion(second, waiting))?.origin, `${ORIGIN}/2`);
  assert.equal((await inclusion(second, waiting))?.index, 0);
  assert.deepEqual(await provable(second, [before, waiting]), new Set([before, waiting]));
});

test('nobody makes a log longer, or another one, than its own key signed', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 10);
  await integrate(ctx);
  const liar = ledgerOn(await freshDb(t, [migrations]), ORIGIN, generateKey());
  await log(liar, 50);
  await integrate(liar);
  assert.deepEqual(await regainLog(ctx, [own(liar)], [ctx.ledger.key.public]), { before: 10, size: 10 });
  const other = ledgerOn(await freshDb(t, [migrations]), ORIGIN, ctx.ledger.key);
  await log(other, 50);
  await integrate(other);
  // Signed by this log's own key, and no continuation of it: somebody else has the key.
  await assert.rejects(regainLog(ctx, [own(other)], [ctx.ledger.key.public]), lost);
});
