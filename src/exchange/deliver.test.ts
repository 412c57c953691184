import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeError, Failure, isFailure, type Json } from '../storage/index.ts';
import { exchangeHealth, listDeadLetters, messageRecord, retryDeadLetter, send, skipDeadLetter } from './index.ts';
import { LIMITS } from './limits.ts';
import { startExchange } from './start.ts';
import { freePort, type TestNode, testNet, until } from './testing.ts';

const bodies = (messages: { body: Json }[]) => messages.map(({ body }) => body);

const write = (node: TestNode, to: string, body: Json, more: { lane?: string; type?: string; id?: string } = {}) =>
  node.db.transaction((tx) => send(tx, node.ctx, { to, type: 'note', lane: 'case-1', body, ...more }));

async function bothIndexesKnown(node: TestNode, id: string): Promise<boolean> {
  const at = (await messageRecord(node.ctx, id))?.ledgerIndex;
  return typeof at?.from === 'number' && typeof at.to === 'number';
}

describe('a message', () => {
  test('arrives once, is receipted, and its place in both ledgers becomes known', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    const id = await write(kz, 'ru', { x: 1 });
    await until('it is handled', () => ru.handled.length === 1);
    assert.deepEqual(bodies(ru.handled), [{ x: 1 }]);
    await until('its receipt is stored', async () => (await messageRecord(kz.ctx, id))?.status === 'delivered');
    await until('the sender knows both indexes', () => bothIndexesKnown(kz, id));
    await until('the receiver knows both indexes', () => bothIndexesKnown(ru, id));
    const record = await messageRecord(kz.ctx, id);
    assert.equal(record?.receipt?.message, id);
    assert.equal(record?.receipt?.to, 'ru');
    assert.deepEqual(record?.ledgerIndex, (await messageRecord(ru.ctx, id))?.ledgerIndex);
    const kinds = await kz.db.query<{ kind: string }>('select kind from ledger_opening order by kind');
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['message-sent', 'receipt'],
    );
  });

  test('to its own state goes the same way without the wire', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['kz'] });
    const kz = net.node('kz');
    await kz.start();
    const id = await write(kz, 'kz', 'self');
    await until('it is handled', () => kz.handled.length === 1);
    await until('both indexes are known', () => bothIndexesKnown(kz, id));
    const record = await messageRecord(kz.ctx, id);
    assert.equal(record?.status, 'delivered');
    assert.notEqual(record?.ledgerIndex.from, record?.ledgerIndex.to);
  });

  test('leaves nothing behind when the transaction that wanted it rolls back', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['kz'] });
    const kz = net.node('kz');
    const failing = kz.db.transaction(async (tx) => {
      await send(tx, kz.ctx, { to: 'ru', type: 'note', lane: 'case-1', body: 1 });
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    for (const table of ['exchange_sent', 'job', 'ledger_pending', 'exchange_lane']) {
      assert.deepEqual(await kz.db.query(`select 1 from ${table}`), [], table);
    }
  });

  test('sent again under its id is no second message', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['kz'] });
    const kz = net.node('kz');
    const id = await write(kz, 'ru', 1);
    assert.equal(await write(kz, 'ru', 1, { id }), id);
    assert.equal((await kz.db.query('select 1 from exchange_sent')).length, 1);
  });

  test('is refused at its sender when it is too large or for nobody', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['kz'] });
    const kz = net.node('kz');
    await assert.rejects(write(kz, 'zz', 1), (error: unknown) => isFailure(error, 'EXCHANGE_RECEIVER_UNKNOWN'));
    const large = 'x'.repeat(LIMITS.bodyBytes);
    await assert.rejects(write(kz, 'ru', large), (error: unknown) => isFailure(error, 'EXCHANGE_TOO_LARGE'));
  });
});

describe('many messages', () => {
  test('go in few batches and keep the order of each lane', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    const lanes = ['case-a', 'case-b', 'case-c'];
    await kz.db.transaction(async (tx) => {
      for (let n = 1; n <= 60; n++) {
        for (const lane of lanes) await send(tx, kz.ctx, { to: 'ru', type: 'note', lane, body: n });
      }
    });
    await ru.start();
    await kz.start();
    await until('all are handled', () => ru.handled.length === 180, 60_000);
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const lane of lanes) {
      assert.deepEqual(bodies(ru.handled.filter(({ head }) => head.lane === lane)), numbers);
    }
    const [row] = await ru.db.query<{ batches: number }>('select count(*)::int as batches from exchange_envelope');
    assert.ok((row?.batches ?? 99) <= 3, `${row?.batches} batches`);
  });

  test('that do not fit into one batch go in several', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    const large = 'x'.repeat(LIMITS.bodyBytes - 10);
    for (let n = 0; n < 3; n++) await write(kz, 'ru', large);
    await ru.start();
    await kz.start();
    await until('all are handled', () => ru.handled.length === 3, 60_000);
    assert.equal((await ru.db.query('select 1 from exchange_envelope')).length, 3);
  });

  test('are handled once each by two processes of the sender and two of the receiver', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    for (const node of [kz, ru]) {
      const second = await startExchange(node.ctx, {
        handlers: { note: async (_tx, message) => void node.handled.push(message) },
        listen: { host: '127.0.0.1', port: await freePort() },
      });
      t.after(() => second.stop());
    }
    for (let n = 1; n <= 40; n++) await write(kz, 'ru', n, { lane: `case-${n % 4}` });
    await until('all are handled', () => ru.handled.length >= 40, 60_000);
    await until('all are receipted', async () => {
      const rows = await kz.db.query(`select 1 from exchange_sent where status = 'delivered'`);
      return rows.length === 40;
    });
    assert.equal(new Set(ru.handled.map(({ head }) => head.id)).size, 40);
    assert.equal(ru.handled.length, 40);
  });
});

describe('a handler', () => {
  test('that fails leaves no effect, and one that then succeeds leaves it once', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.db.query('create table effect (message uuid)');
    let attempts = 0;
    await ru.start({
      handlers: {
        note: async (tx, { head }) => {
          await tx.query('insert into effect values ($1)', [head.id]);
          attempts++;
          if (attempts < 3) throw new Failure('NOT_YET');
        },
      },
    });
    await kz.start();
    const id = await write(kz, 'ru', 1);
    await until('it is handled', async () => (await messageRecord(ru.ctx, id, 'in'))?.status === 'handled');
    assert.equal(attempts, 3);
    assert.deepEqual(await ru.db.query('select message from effect'), [{ message: id }]);
  });

  test('that always fails makes a dead letter: its lane waits, others go on, until it is retried or skipped', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    let broken = true;
    await ru.start({
      handlers: {
        poison: async (_tx, message) => {
          if (broken) throw new Failure('POISON', { lane: message.head.lane });
          ru.handled.push(message);
        },
      },
    });
    await kz.start();
    const first = await write(kz, 'ru', 'p1', { type: 'poison' });
    await write(kz, 'ru', 'behind');
    const second = await write(kz, 'ru', 'p2', { type: 'poison', lane: 'case-2' });
    await write(kz, 'ru', 'free', { lane: 'case-3' });
    await until('the free lane goes on', () => bodies(ru.handled).includes('free'));
    // As if it had been tried for as long as it takes.
    await until(
      'the poison was tried',
      async () =>
        (await ru.db.query(`select 1 from job where queue = 'exchange/in' and error is not null`)).length === 2,
    );
    await ru.db.query(`update job set attempts = 11, visible_at = '-infinity' where queue = 'exchange/in'`);
    await until('both are dead', async () => (await listDeadLetters(ru.db)).length === 2);
    const [letter] = await listDeadLetters(ru.db);
    assert.deepEqual([letter?.id, letter?.behind, letter?.error.includes('POISON')], [first, 1, true]);
    assert.deepEqual(bodies(ru.handled), ['free']);
    assert.equal(await ru.db.transaction((tx) => skipDeadLetter(tx, 'kz', second)), true);
    assert.equal(await ru.db.transaction((tx) => skipDeadLetter(tx, 'kz', second)), false);
    broken = false;
    assert.equal(await ru.db.transaction((tx) => retryDeadLetter(tx, 'kz', first)), true);
    await until('the lane goes on', () => ru.handled.length === 3);
    assert.deepEqual(bodies(ru.handled), ['free', 'p1', 'behind']);
    assert.deepEqual(await listDeadLetters(ru.db), []);
    assert.equal((await messageRecord(ru.ctx, second, 'in'))?.status, 'skipped');
  });

  test('that does not exist leaves the message waiting where an operator sees it', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    await write(kz, 'ru', 1, { type: 'to-string' });
    const errors = () =>
      ru.db.query<{ error: string }>(`select error from job where queue = 'exchange/in' and error is not null`);
    await until('it was tried', async () => (await errors()).length === 1);
    assert.match((await errors())[0]?.error ?? '', /EXCHANGE_TYPE_UNKNOWN/);
  });
});

describe('the health of a peer', () => {
  test('tells what waits for it and why, and that it is well again', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await kz.start({ onError: (line) => assert.ok(!line.includes('secret'), describeError(line)) });
    await write(kz, 'ru', 'secret');
    await until('the failure is noted', async () => (await exchangeHealth(kz.db))[0]?.failure !== undefined);
    const [away] = await exchangeHealth(kz.db);
    assert.deepEqual([away?.peer, away?.waiting], ['ru', 1]);
    assert.match(away?.failure ?? '', /EXCHANGE_UNREACHABLE/);
    await ru.start();
    await until('it is well', async () => (await exchangeHealth(kz.db))[0]?.waiting === 0);
    const [back] = await exchangeHealth(kz.db);
    assert.equal(back?.failure, undefined);
    assert.ok(back?.heardAt);
  });
});
