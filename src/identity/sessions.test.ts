import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import { migrations, storeAccounts } from './index.ts';
import {
  closeOtherSessions,
  closeSession,
  endSession,
  findSession,
  isFresh,
  listSessions,
  openSession,
} from './sessions.ts';
import type { IdentityContext } from './sign-in.ts';

const MINUTE = 60_000;

async function node(t: TestContext): Promise<IdentityContext & { clock: ManualClock }> {
  const db = await freshDb(t, [migrations]);
  await storeAccounts(db, [
    { kind: 'person', id: 'asel', state: 'kz', localId: 'KZ-T-000001', name: 'Asel T.' },
    { kind: 'person', id: 'marat', state: 'kz', localId: 'KZ-T-000002', name: 'Marat T.' },
  ]);
  const clock = manualClock('2026-11-22T09:00:00.000Z');
  return {
    db,
    clock,
    identity: { state: 'kz', demo: true, boundTo: '127.0.0.1', origin: 'http://kz.localhost', methods: [] },
  };
}

const opening = { account: 'asel', method: 'development', assurance: 'substantial' } as const;

test('a session is found by its token, with the account and its assurance', async (t) => {
  const ctx = await node(t);
  const { token, id } = await openSession(ctx, opening);
  const session = await findSession(ctx, token);
  assert.equal(session?.id, id);
  assert.equal(session?.account.id, 'asel');
  assert.equal(session?.assurance, 'substantial');
  assert.equal(session?.expiresAt, '2026-11-22T21:00:00.000Z');
});

test('the database does not hold what the browser must show', async (t) => {
  const ctx = await node(t);
  const { token } = await openSession(ctx, opening);
  const rows = await ctx.db.query<Record<string, unknown>>('select * from identity_sessions');
  assert.equal(rows.length, 1);
  assert.ok(!JSON.stringify(rows).includes(token));
});

test('two sessions never share a token', async (t) => {
  const ctx = await node(t);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => openSession(ctx, opening)));
  assert.equal(new Set(tokens.map(({ token }) => token)).size, 20);
});

test('an unknown, a cut and an overlong token find nothing', async (t) => {
  const ctx = await node(t);
  const { token } = await openSession(ctx, opening);
  for (const wrong of [
    '',
    token.slice(1),
    `${token}A`,
    token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    "' or 1=1 --",
  ]) {
    assert.equal(await findSession(ctx, wrong), undefined, wrong);
  }
});

test('a session that nobody uses ends after half an hour, and use keeps it alive', async (t) => {
  const ctx = await node(t);
  const { token } = await openSession(ctx, opening);
  for (let use = 0; use < 3; use += 1) {
    ctx.clock.advance(29 * MINUTE);
    assert.ok(await findSession(ctx, token));
  }
  ctx.clock.advance(30 * MINUTE);
  assert.equal(await findSession(ctx, token), undefined);
});

test('a session ends after twelve hours even in constant use', async (t) => {
  const ctx = await node(t);
  const { token } = await openSession(ctx, opening);
  for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
    ctx.clock.advance(20 * MINUTE);
    assert.ok(await findSession(ctx, token));
  }
  ctx.clock.advance(20 * MINUTE);
  assert.equal(await findSession(ctx, token), undefined);
});

test('sessions that have run out are cleared away by those that begin', async (t) => {
  const ctx = await node(t);
  for (let some = 0; some < 12; some++) await openSession(ctx, opening);
  ctx.clock.advance(30 * MINUTE);
  const kept = async () => (await ctx.db.query('select id from identity_sessions')).length;
  await openSession(ctx, opening);
  assert.equal(await kept(), 3);
  await openSession(ctx, opening);
  assert.equal(await kept(), 2);
});

test('signing in forgets the session that the browser had before', async (t) => {
  const ctx = await node(t);
  const before = await openSession(ctx, opening);
  const after = await openSession(ctx, { ...opening, replaces: before.token });
  assert.equal(await findSession(ctx, before.token), undefined);
  assert.ok(await findSession(ctx, after.token));
});

test('a closed session is gone, the others stay', async (t) => {
  const ctx = await node(t);
  const one = await openSession(ctx, opening);
  const other = await openSession(ctx, opening);
  await closeSession(ctx.db, one.token);
  await closeSession(ctx.db, one.token);
  assert.equal(await findSession(ctx, one.token), undefined);
  assert.ok(await findSession(ctx, other.token));
});

test('an account sees its own sessions that have not run out, the one used last first', async (t) => {
  const ctx = await node(t);
  const forgotten = await openSession(ctx, opening);
  ctx.clock.advance(20 * MINUTE);
  const phone = await openSession(ctx, { ...opening, method: 'passkey', assurance: 'high' });
  const desk = await openSession(ctx, opening);
  await openSession(ctx, { ...opening, account: 'marat' });
  ctx.clock.advance(15 * MINUTE);
  await findSession(ctx, phone.token);
  const listed = await listSessions(ctx, 'asel');
  assert.deepEqual(
    listed.map(({ id }) => id),
    [phone.id, desk.id],
  );
  assert.ok(!listed.some(({ id }) => id === forgotten.id));
  assert.deepEqual(listed[0], {
    id: phone.id,
    method: 'passkey',
    assurance: 'high',
    createdAt: '2026-11-22T09:20:00.000Z',
    seenAt: '2026-11-22T09:35:00.000Z',
    expiresAt: '2026-11-22T21:20:00.000Z',
  });
});

test('an account ends one of its sessions, or all others, and never somebody else’s', async (t) => {
  const ctx = await node(t);
  const [own, second, third] = [
    await openSession(ctx, opening),
    await openSession(ctx, opening),
    await openSession(ctx, opening),
  ];
  const other = await openSession(ctx, { ...opening, account: 'marat' });
  await endSession(ctx.db, 'asel', other.id);
  await endSession(ctx.db, 'asel', second.id);
  assert.equal(await findSession(ctx, second.token), undefined);
  const session = await findSession(ctx, own.token);
  assert.ok(session);
  assert.equal(await closeOtherSessions(ctx.db, session), 1);
  assert.equal(await findSession(ctx, third.token), undefined);
  assert.ok(await findSession(ctx, own.token));
  assert.ok(await findSession(ctx, other.token));
});

test('a sign-in is fresh for ten minutes, however much the session is used', async (t) => {
  const ctx = await node(t);
  const { token } = await openSession(ctx, opening);
  const fresh = async () => {
    const session = await findSession(ctx, token);
    return session !== undefined && isFresh(ctx, session);
  };
  assert.equal(await fresh(), true);
  ctx.clock.advance(10 * MINUTE - 1);
  assert.equal(await fresh(), true);
  ctx.clock.advance(1);
  assert.equal(await fresh(), false);
});
