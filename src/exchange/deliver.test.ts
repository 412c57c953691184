import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../storage/index.ts';
import { messageRecord, send } from './index.ts';
import { testNet, until } from './testing.ts';

const bodies = (messages: { body: Json }[]) => messages.map(({ body }) => body);

describe('a message', () => {
  test('arrives once, is receipted, and stands in both ledgers', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    const id = await kz.db.transaction((tx) =>
      send(tx, kz.ctx, { to: 'ru', type: 'note', lane: 'case-1', body: { x: 1 } }),
    );
    await until('it is handled', () => ru.handled.length === 1);
    assert.deepEqual(bodies(ru.handled), [{ x: 1 }]);
    await until('its receipt is stored', async () => (await messageRecord(kz.ctx, id))?.status === 'delivered');
    await until('both indexes are known', async () => {
      const at = (await messageRecord(kz.ctx, id))?.ledgerIndex;
      return at?.from !== null && at?.to !== null;
    });
    const record = await messageRecord(kz.ctx, id);
    assert.equal(record?.receipt?.message, id);
    assert.equal(record?.receipt?.to, 'ru');
  });

  test('to its own state goes the same way without the wire', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const kz = net.node('kz');
    await kz.start();
    const id = await kz.db.transaction((tx) =>
      send(tx, kz.ctx, { to: 'kz', type: 'note', lane: 'case-1', body: 'self' }),
    );
    await until('it is handled', () => kz.handled.length === 1);
    await until('both indexes are known', async () => {
      const at = (await messageRecord(kz.ctx, id))?.ledgerIndex;
      return at?.from !== null && at?.to !== null;
    });
    const record = await messageRecord(kz.ctx, id);
    assert.equal(record?.status, 'delivered');
    assert.notEqual(record?.ledgerIndex.from, record?.ledgerIndex.to);
  });
});
