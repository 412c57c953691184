import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { type Db, isFailure, json, openDb } from './index.ts';
import { freshDb, freshUrl } from './testing.ts';

test('values come back as instants, plain dates, safe numbers, buffers and JSON', async (t) => {
  const db = await freshDb(t);
  const [row] =
    await db.query(`select '2026-11-22 19:28:11.1239+03'::timestamptz as at, date '2026-02-28' as day, 42::int8 as n,
    '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as doc, 0.10::numeric as rate, null::timestamptz as never,
    array['2026-01-01T00:00:00Z'::timestamptz, null] as times, array[1, 2]::int8[] as numbers`);
  assert.deepEqual(row, {
    at: '2026-11-22T16:28:11.123Z',
    day: '2026-02-28',
    n: 42,
    bytes: Buffer.from([0, 255]),
    doc: { a: [1] },
    rate: '0.10',
    never: null,
    times: ['2026-01-01T00:00:00.000Z', null],
    numbers: [1, 2],
  });
});

test('a whole number too large to be exact is refused rather than rounded', async (t) => {
  const db = await freshDb(t);
  await assert.rejects(db.query('select 9007199254740993::int8'), (error) =>
    isFailure(error, 'STORAGE_UNSAFE_INTEGER'),
  );
});

test('arrays and strings reach a jsonb column as JSON', async (t) => {
  const db = await freshDb(t);
  const rows = await db.query('select $1::jsonb as list, $2::jsonb as word', [json(['a', 1]), json('x')]);
  assert.deepEqual(rows, [{ list: ['a', 1], word: 'x' }]);
});

test('a transaction that throws leaves nothing and calls nobody after commit', async (t) => {
  const db = await freshDb(t);
  await db.query('create table letter (id int)');
  let called = 0;
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('insert into letter values (1)');
      tx.afterCommit(() => called++);
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.deepEqual(await db.query('select * from letter'), []);
  assert.equal(called, 0);
});

test('the last statement takes the commit with it, all of them in one write', async (t) => {
  const db = await freshDb(t);
  await db.query('create table letter (id int)');
  const insert = (id: number) => ['insert into letter values ($1) returning id', [id]] as const;
  const write = () =>
    db.transaction((tx) => Promise.all([tx.query(...insert(1)), tx.query(...insert(2)), tx.last(...insert(3))]));
  await write();
  const writes = [t.mock.method(Socket.prototype, '_write'), t.mock.method(Socket.prototype, '_writev' as '_write')];
  assert.deepEqual(await write(), [[{ id: 1 }], [{ id: 2 }], [{ id: 3 }]]);
  assert.equal(
    writes.reduce((sum, { mock }) => sum + mock.callCount(), 0),
    1,
  );
  assert.equal((await db.query('select 1 from letter')).length, 6);
});

test('where the last statement or one before it fails, nothing is done', async (t) => {
  const db = await freshDb(t);
  await db.query('create table letter (id int primary key)');
  let called = 0;
  const write = (one: number, two: number) =>
    db.transaction((tx) => {
      tx.afterCommit(() => called++);
      return Promise.all([
        tx.query('insert into letter values ($1)', [one]),
        tx.last('insert into letter values ($1)', [two]),
      ]);
    });
  await write(1, 2);
  for (const [one, two] of [
    [1, 3],
    [3, 2],
  ] as const)
    await assert.rejects(write(one, two), (error: { code?: string }) => error.code === '23505');
  assert.deepEqual(await db.query('select id from letter order by id'), [{ id: 1 }, { id: 2 }]);
  assert.equal(called, 1);
});

test('nothing follows the last statement of a transaction', async (t) => {
  const db = await freshDb(t);
  const late = db.transaction(async (tx) => {
    await tx.last('select 1 as one', []);
    await tx.query('select 2 as two', []);
  });
  await assert.rejects(late, /follows the last one/);
});

test('a swallowed error does not pass for a commit', async (t) => {
  const db = await freshDb(t);
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('select 1/0').catch(() => undefined);
    }),
    /was ignored/,
  );
});

test('transactions that deadlock are run again until both succeed', async (t) => {
  const db = await freshDb(t);
  await db.query('create table account (id int primary key, n int not null default 0)');
  await db.query('insert into account values (1), (2)');
  let runs = 0;
  let waiting: (() => void)[] = [];
  const bothInside = () =>
    new Promise<void>((go) => {
      runs++;
      if (runs > 2) return go();
      waiting.push(go);
      if (waiting.length === 2) {
        for (const each of waiting) each();
        waiting = [];
      }
    });
  const move = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.query('update account set n = n + 1 where id = $1', [first]);
      await bothInside();
      await tx.query('update account set n = n + 1 where id = $1', [second]);
    });
  await Promise.all([move(1, 2), move(2, 1)]);
  assert.equal(runs, 3);
  assert.deepEqual(await db.query('select n from account order by id'), [{ n: 2 }, { n: 2 }]);
});

test('a database that cannot be reached is a failure with its host and without its password', async (t) => {
  const db = openDb('postgres://kz:secret@127.0.0.1:9/kz');
  t.after(() => db.close());
  await assert.rejects(db.query('select 1'), (error) => {
    assert.ok(isFailure(error, 'STORAGE_UNREACHABLE'));
    assert.deepEqual(error.params, { host: '127.0.0.1:9', reason: 'ECONNREFUSED' });
    assert.ok(!error.message.includes('secret'));
    return true;
  });
});

test('connections cut by the server are replaced, and the process goes on', async (t) => {
  const url = await freshUrl(t);
  const db: Db = openDb(url);
  const other = openDb(url);
  t.after(() => Promise.all([db.close(), other.close()]));
  await Promise.all([db.query('select pg_sleep(0.01)'), db.query('select pg_sleep(0.01)')]);
  await other.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  for (let attempt = 0; ; attempt++) {
    const rows = await db.query('select 1 as one').catch((error: unknown) => {
      if (attempt > 5) throw error;
    });
    if (rows === undefined) continue;
    assert.deepEqual(rows, [{ one: 1 }]);
    return;
  }
});
