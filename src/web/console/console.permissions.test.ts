import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeAccounts } from '../../identity/index.ts';
import { openLog } from '../../ledger/index.ts';
import { testWeb, visitor } from '../testing.ts';
import { PLACES } from './access.ts';

const NO_MESSAGE = '/console/messages/in/0199a000-0000-7000-8000-000000000001';
const EVERY = [...PLACES.map(([path]) => path), '/console/statistics.csv', '/console/states/state'];

test('an operator sees the node, a designer the agreements, and nobody else anything of either', async (t) => {
  const { app, ctx } = await testWeb(t);
  await openLog(ctx.db, ctx);
  const seen = async (persona: string | undefined) => {
    const me = visitor(app);
    if (persona !== undefined) await me.signIn(persona);
    const found: string[] = [];
    for (const path of EVERY) if ((await me.get(path)).statusCode === 200) found.push(path);
    for (const path of [NO_MESSAGE, '/console/agreements/none'])
      if ((await me.get(path)).statusCode === 404) found.push(path);
    return found;
  };
  assert.deepEqual(await seen('operator-kz-1'), [...EVERY.filter((path) => !path.includes('agreements')), NO_MESSAGE]);
  assert.deepEqual(await seen('designer-kz-1'), [
    '/console/agreements',
    '/console/statistics',
    '/console/statistics.csv',
    '/console/agreements/none',
  ]);
  for (const other of ['officer-kz-1', 'aigerim', undefined]) assert.deepEqual(await seen(other), []);
});

test('a role of the console given by any other agency than that of the portal counts for nothing', async (t) => {
  const { app, ctx } = await testWeb(t);
  const agency = 'kz.pension-fund';
  const grants = [{ agency, role: 'operator', service: '*' }];
  await storeAccounts(ctx.db, [{ kind: 'officer', id: 'officer-kz-1', state: 'kz', agency, name: 'A', grants }]);
  const me = visitor(app);
  await me.signIn('officer-kz-1');
  for (const path of EVERY) assert.equal((await me.get(path)).statusCode, 403, path);
});

test('a designer who is signed in cannot act on the node by sending the forms', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('designer-kz-1');
  const { body } = await me.get('/console/statistics');
  const formToken = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const id = '0199a000-0000-7000-8000-000000000001';
  for (const path of [`/console/messages/in/${id}/drop`, `/console/messages/in/${id}/resend`, '/console/jobs/revive'])
    assert.equal((await me.post(path, { formToken, queue: 'x', reason: 'because' })).statusCode, 403, path);
});
