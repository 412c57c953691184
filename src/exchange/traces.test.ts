import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hop } from '../measures/index.ts';
import { send } from './outgoing/send.ts';
import { testNet, until } from './testing.ts';

test('a message is one trace where it is sent and where it is handled, by its id, and the log has nothing of what it says', async (t) => {
  const net = await testNet(t, ['kg', 'kz']);
  const [kg, kz] = [net.node('kg'), net.node('kz')];
  const hops: (Hop & { at: string })[] = [];
  for (const node of [kg, kz]) await node.start({ onHop: (hop) => void hops.push({ ...hop, at: node.state }) });
  const body = { person: 'KZ-T-000101' };
  const id = await kz.db.transaction((tx) => send(tx, kz.ctx, { to: 'kg', type: 'note', lane: 'KZ-T-000101', body }));
  await until('both ends have told', () => hops.length >= 2);
  assert.deepEqual(hops.map(({ at, hop, trace, peer, what }) => [at, hop, trace, peer, what].join(' ')).sort(), [
    `kg handle ${id.replaceAll('-', '')} kz note`,
    `kz deliver ${id.replaceAll('-', '')} kg note`,
  ]);
  assert.ok(!JSON.stringify(hops).includes('KZ-T-000101'));
});
