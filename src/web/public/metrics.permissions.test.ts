import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

test('metrics are told only to who shows the token of the node', async (t) => {
  const { app } = await testWeb(t, { web: { origin: ORIGIN, metricsToken: 'a-token' } });
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer a-toke',
    'Bearer a-token2',
    'Basic a-token',
    'a-token',
  ]) {
    const answer = await visitor(app).get('/metrics', authorization === undefined ? {} : { authorization });
    assert.equal(answer.statusCode, 401, String(authorization));
    assert.doesNotMatch(answer.body, /commonway_/);
  }
  const officer = visitor(app);
  await officer.signIn('officer-kz-1');
  assert.equal((await officer.get('/metrics')).statusCode, 401);
  assert.equal((await visitor(app).get('/metrics', { authorization: 'Bearer a-token' })).statusCode, 200);
});

test('a node that was given no token tells nobody', async (t) => {
  const { app } = await testWeb(t);
  for (const authorization of ['Bearer undefined', 'Bearer ', 'Bearer x'])
    assert.equal((await visitor(app).get('/metrics', { authorization })).statusCode, 401);
});
