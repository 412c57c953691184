import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyFile } from '../documents/index.ts';
import { testNet, until } from '../exchange/testing.ts';
import { appendLeaf, listComplaints, listMirrors, migrations, readLedgerPath, sequenceNow } from '../ledger/index.ts';
import { freshDb } from '../storage/testing.ts';
import { anchorOf, listAlarms, sealFile } from '../union/index.ts';
import { mirrorRoutes, monitorState, startMonitoring } from './monitors.ts';

type Node = ReturnType<Awaited<ReturnType<typeof testNet>>['node']>;

/** Kyrgyzstan's node looks at Russia's log over mutual TLS. Russia can go over to another history under the same key. */
async function watched(t: Parameters<typeof testNet>[0]) {
  const net = await testNet(t, ['kg', 'kz', 'ru'], { withStore: ['kg', 'ru'] });
  const [kg, ru] = [net.node('kg'), net.node('ru')];
  const other = { ...ru.ctx, db: await freshDb(t, [migrations]) };
  let shown: Node['ctx'] = ru.ctx;
  const routes = { 'GET /ledger/*': ({ path }: { path: string }) => readLedgerPath(shown, path.slice(8)) };
  await ru.start({ routes });
  const { ask } = await kg.start({ routes: mirrorRoutes(kg.ctx) });
  const log = async (ctx: Node['ctx'], count: number) => {
    for (let number = 0; number < count; number++) {
      await ctx.db.transaction((tx) => appendLeaf(tx, ctx, { kind: 'access', content: { number } }));
    }
  };
  return { net, kg, ru, other, ask, log, show: (ctx: Node['ctx']) => (shown = ctx) };
}

test('a fork is seen by another node over the wire, alarms it, and leaves it as a file that anybody can verify', async (t) => {
  const { net, kg, ru, other, ask, log, show } = await watched(t);
  await log(ru.ctx, 3);
  await until('the first history is mirrored', async () => {
    const followed = await monitorState(kg.ctx, ask, 'ru');
    return followed.state === 'mirrored' && followed.size === 3;
  });
  await log(other, 3);
  await sequenceNow(other);
  show(other);
  assert.deepEqual(await monitorState(kg.ctx, ask, 'ru'), { state: 'broken', reason: 'fork' });
  assert.ok((await listAlarms(kg.db)).some(({ kind, peer }) => kind === 'ledger-fork' && peer === 'ru'));

  const [complaint] = await listComplaints(kg.ctx);
  const { trust, clock, keys } = kg.ctx;
  const seal = (against: string) =>
    sealFile({ trust, clock, key: keys.seal }, 'complaint', { against, complaint } as never);
  const anchors = [anchorOf(net.union.charter.payload)];
  const verdict = await verifyFile(seal('ru'), { anchors, now: clock.now() });
  assert.deepEqual([verdict.verdict, verdict.kind, verdict.code], ['valid', 'complaint', 'VALID']);
  assert.ok(verdict.facts.some(({ name, value }) => name === 'complaintProof' && value === 'signatures'));
  for (const [against, code] of [
    ['kz', 'DOCUMENTS_FILE_PARTS'],
    ['kg', 'DOCUMENTS_FILE_FORM'],
    ['zz', 'DOCUMENTS_FILE_FORM'],
  ] as const) {
    assert.equal((await verifyFile(seal(against), { anchors, now: clock.now() })).code, code);
  }
  const unfounded = structuredClone(complaint) as { evidence: { first: string; second: string } };
  unfounded.evidence.second = unfounded.evidence.first;
  const content = { against: 'ru', complaint: unfounded } as never;
  const file = sealFile({ trust, clock, key: keys.seal }, 'complaint', content);
  assert.equal((await verifyFile(file, { anchors, now: clock.now() })).verdict, 'invalid');
});

test('a cut tail is seen by a node that looks from time to time; a node that is away is no complaint', async (t) => {
  const { kg, ru, other, ask, log, show } = await watched(t);
  const reported: string[] = [];
  await log(ru.ctx, 5);
  await until('all is mirrored', async () => {
    const followed = await monitorState(kg.ctx, ask, 'ru');
    return followed.state === 'mirrored' && followed.size === 5;
  });
  await log(other, 2);
  await sequenceNow(other);
  show(other);
  const monitoring = startMonitoring(kg.ctx, { ask }, (place) => reported.push(place), 20);
  t.after(() => monitoring.stop());
  await until('the cut tail is seen', async () => (await listComplaints(kg.ctx)).length > 0);
  await monitoring.stop();
  const complaints = await listComplaints(kg.ctx);
  assert.deepEqual(
    complaints.map(({ origin, evidence }) => [origin, evidence.kind]),
    [[ru.ctx.ledger.origin, 'cut-tail']],
  );
  assert.deepEqual(reported, []);
});

test('a log that never answers keeps nobody from looking at another', async (t) => {
  const { kg, ru, ask, log } = await watched(t);
  await log(ru.ctx, 3);
  const waiting = Promise.withResolvers<never>();
  waiting.promise.catch(() => undefined);
  const slow: typeof ask = (state, question) => (state === 'ru' ? ask(state, question) : waiting.promise);
  const monitoring = startMonitoring(kg.ctx, { ask: slow }, () => undefined, 20);
  t.after(async () => {
    waiting.reject(new Error('over'));
    await monitoring.stop();
  });
  await until('the other log is mirrored', async () => (await listMirrors(kg.ctx)).some(({ size }) => size === 3));
});
