import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../index.ts';
import { LIMITS } from '../limits.ts';
import { testNet, until } from '../testing.ts';

const MESSAGES = 36;
const BYTES = 1024 * 1024;

test('what waits for a peer that is away is on disk: an attempt holds one batch, however much waits', async (t) => {
  const net = await testNet(t, ['kz', 'ru']);
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const body = 'x'.repeat(BYTES);
  for (let n = 0; n < MESSAGES; n++)
    await kz.db.transaction((tx) => send(tx, kz.ctx, { to: 'ru', type: 'note', lane: 'case-1', body: { n, body } }));
  const waits = MESSAGES * BYTES;
  assert.ok(waits > 2 * LIMITS.batchBytes);

  // All that this process reads outside of transactions, statement by statement.
  let largest = 0;
  let attempts = 0;
  const { db } = kz;
  kz.ctx.db = {
    ...db,
    async query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> {
      const rows = await db.query<Row>(text, values);
      const bytes = rows
        .flatMap((row) => Object.values(row as object))
        .reduce((sum, value) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0);
      largest = Math.max(largest, bytes);
      if (bytes > BYTES) attempts++;
      return rows;
    },
  };
  await kz.start();
  await until('it was tried several times', () => attempts >= 2);
  assert.ok(largest <= LIMITS.batchBytes, `${largest} bytes were read at once`);
  await ru.start();
  await until('all have come', () => ru.handled.length === MESSAGES, 60_000);
  assert.deepEqual(
    ru.handled.map((message) => (message.body as { n: number }).n),
    Array.from({ length: MESSAGES }, (_, n) => n),
  );
  assert.ok(largest <= LIMITS.batchBytes, `${largest} bytes were read at once`);
});
