import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { decide } from './decide.ts';
import { countBytes } from './quota.ts';
import { accessTest, CALLER, SERVICE } from './testing.ts';

const CALL = { caller: CALLER, service: SERVICE, method: 'GET', rawPath: '/x' };
const allowed = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length;

test('two processes together allow no call more than the quota, and again in the next window', async (t) => {
  const { ctx, other, grant, clock } = await accessTest(t);
  await grant({ quota: { calls: 30, windowSeconds: 60 } });
  const round = () => Promise.allSettled(Array.from({ length: 60 }, (_, turn) => decide(turn % 2 ? ctx : other, CALL)));
  assert.equal(allowed(await round()), 30);
  assert.equal(allowed(await round()), 0);
  clock.advance(60_000);
  assert.equal(allowed(await round()), 30);
});

test('a large quota is drawn in parts and never exceeded', async (t) => {
  const { ctx, other, grant } = await accessTest(t);
  await grant({ quota: { calls: 450, windowSeconds: 3600 } });
  const results = await Promise.allSettled(
    Array.from({ length: 600 }, (_, turn) => decide(turn % 3 ? ctx : other, CALL)),
  );
  const count = allowed(results);
  assert.ok(count <= 450 && count >= 446, String(count));
  const refusal = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  assert.ok(isFailure(refusal.reason, 'ACCESS_QUOTA'));
  assert.equal(refusal.reason.params.until, '2026-06-01T11:00:00.000Z');
});

test('bytes that went through end a quota in every process', async (t) => {
  const { ctx, other, grant } = await accessTest(t);
  await grant({ quota: { bytes: 1000, windowSeconds: 60 } });
  const first = await decide(ctx, CALL);
  await countBytes(ctx, first.grant, 999);
  await decide(other, CALL);
  await countBytes(other, first.grant, 1);
  await assert.rejects(decide(ctx, CALL), (error) => isFailure(error, 'ACCESS_QUOTA'));
});

test('where one grant is used up another that fits counts', async (t) => {
  const { ctx, grant } = await accessTest(t);
  const limited = await grant({ quota: { calls: 1, windowSeconds: 60 } });
  await decide(ctx, CALL);
  const open = await grant({ path: '/x' });
  assert.equal((await decide(ctx, CALL)).grant.id, open.id);
  assert.notEqual(open.id, limited.id);
});

test('an answer that ends in the next window counts there, and windows that are over are not kept', async (t) => {
  const { ctx, grant, clock } = await accessTest(t);
  await grant({ quota: { bytes: 1000, windowSeconds: 1 } });
  const { grant: taken } = await decide(ctx, CALL);
  clock.advance(1_000);
  await countBytes(ctx, taken, 1000);
  await assert.rejects(decide(ctx, CALL), (error) => isFailure(error, 'ACCESS_QUOTA'));
  for (let second = 0; second < 5; second++) {
    clock.advance(1_000);
    await decide(ctx, CALL);
  }
  const [{ count } = { count: 0 }] = await ctx.db.query<{ count: number }>(
    'select count(*)::int as count from access_use where grant_id = $1',
    [taken.id],
  );
  assert.ok(count <= 2, String(count));
});
