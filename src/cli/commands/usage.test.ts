import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsTest } from './testing-node.ts';
import { usageAllow, usageList } from './usage.ts';

test('an operator lets a system read access records until a day, sees who may, and ends it', async (t) => {
  const { run } = await commandsTest(t, [usageAllow, usageList]);
  const list = async () => (await run('usage', 'list', '--state', 'kz')).said;
  assert.match(await list(), /No system may/);
  const allow = (...more: string[]) => run('usage', 'allow', 'kz.population/portal', ...more);
  assert.match((await allow('--until', '2100-01-31')).said, /--ground/);
  assert.match((await allow('--ground', 'Law, article 24', '--until', '2020-01-01')).said, /its last day is over/);
  assert.match((await allow('--ground', 'Law, article 24', '--until', '2100-01-31')).said, /may read/);
  assert.match(await list(), /kz\.population\/portal {2}until 2100-02-01T00:00:00\.000Z: Law, article 24 \(operator\)/);
  assert.match((await allow('--stop')).said, /no access records any more/);
  assert.match(await list(), /No system may/);
});
