import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveBatch } from '../incoming/receive.ts';
import { beginTransaction, listTransactions, respondTransaction } from '../index.ts';
import { craftBatch, craftingNode, craftMessage, testNet, until } from '../testing.ts';

const CONTRACT = 'c'.repeat(64);
const ASK = { code: 'P.01', pattern: 'requestResponse' as const, contract: CONTRACT };

/** Transaction ids stand in files that people hand on: knowing one must give nobody the answer. */
test('a state that begins a transaction under the id of another state never gets its answer', async (t) => {
  const net = await testNet(t, ['kz', 'ru', 'am'], { withStore: ['kz', 'ru'] });
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const asked: string[] = [];
  const told: unknown[] = [];
  const transactions = {
    resolve: () => ({ operation: 'ask', pattern: ASK.pattern }),
    operations: {
      ask: {
        onRequest: async (_tx: unknown, { from }: { from: string }) => void asked.push(from),
        onResponse: async (_tx: unknown, _record: unknown, body: unknown) => void told.push(body),
      },
    },
  };
  await ru.start({ transactions });
  await kz.start({ transactions });
  const id = await kz.db.transaction((tx) =>
    beginTransaction(tx, kz.ctx, {
      ...ASK,
      operation: 'ask',
      agreement: 'pension',
      to: 'ru',
      fromAgency: 'kz.portal',
      toAgency: 'ru.pension-fund',
      application: 'app-1',
      lane: 'app-1',
      body: null,
      timers: { acknowledge: 'PT1H' },
      retries: 1,
    }),
  );
  await until('kz has asked', () => asked.length === 1);

  const copies = ['app-1', 'app-2'].map((lane) =>
    craftMessage(
      { from: 'am', to: 'ru', type: 'transaction/request', lane, application: 'app-1', transaction: { id, ...ASK } },
      { agreement: 'pension', fromAgency: 'am.portal', toAgency: 'ru.pension-fund', body: null },
    ),
  );
  await receiveBatch(ru.ctx, 'am', craftBatch(craftingNode(net.union, 'am'), 'ru', copies));
  await until('the copies are handled', async () => {
    const rows = await ru.db.query(`select 1 from exchange_received where sender = 'am' and status = 'handled'`);
    return rows.length === 2;
  });
  assert.deepEqual(
    (await listTransactions(ru.db, { id })).map(({ from }) => from),
    ['kz'],
  );

  await ru.db.transaction((tx) => respondTransaction(tx, ru.ctx, id, { secret: 1 }));
  await until('kz is told', () => told.length === 1);
  assert.deepEqual(asked, ['kz']);
  assert.deepEqual(await ru.db.query(`select 1 from exchange_sent where receiver = 'am'`), []);
});
