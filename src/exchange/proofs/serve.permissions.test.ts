import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../index.ts';
import { testNet, until } from '../testing.ts';

test('only the parties of a message are told whether it is there', async (t) => {
  const net = await testNet(t, ['kz', 'ru', 'am']);
  const [kz, ru, am] = [net.node('kz'), net.node('ru'), net.node('am')];
  const reported: string[] = [];
  await ru.start({ onError: (line) => reported.push(line) });
  await am.start();
  await kz.start();
  const id = await kz.db.transaction((tx) => send(tx, kz.ctx, { to: 'ru', type: 'note', lane: 'case-1', body: 1 }));
  const ask = async (node: typeof kz, path: string) => {
    const { status, body } = await node.exchange().ask('ru', { method: 'GET', path: `/exchange/proof/${path}` });
    return { status, body: body.toString('utf8') };
  };
  await until('its sender gets the proof', async () => (await ask(kz, id)).body.includes('"index"'));
  assert.deepEqual(await ask(am, id), { status: 200, body: '{"proofs":{}}' });
  // What is no id is asked of no database, and stands in no log line.
  for (const odd of ['', '-'.repeat(36), 'a'.repeat(36), `${id},x`, '%00', '..%2f']) {
    assert.equal((await ask(am, odd)).status, 404, odd);
  }
  assert.deepEqual(reported, []);
});
