import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

const password = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('the health page is told only to who shows the token of the node, as a bearer or as a password', async (t) => {
  const { app } = await testWeb(t, { web: { origin: ORIGIN, metricsToken: 'a-token' } });
  for (const authorization of [
    '',
    'Bearer',
    'Bearer a-toke',
    'Basic a-token',
    password('a-token'),
    password('a-token:'),
    password('operator:a-token2'),
    password('operator:a-token:'),
  ]) {
    const answer = await visitor(app).get('/health', { authorization, accept: 'text/html' });
    assert.equal(answer.statusCode, 401, authorization);
    assert.equal(answer.body, 'WEB_OPERATOR_TOKEN\n');
    assert.match(String(answer.headers['www-authenticate']), /^Basic /);
  }
  const officer = visitor(app);
  await officer.signIn('officer-kz-1');
  assert.equal((await officer.get('/health')).statusCode, 401);
  for (const authorization of ['Bearer a-token', password('operator:a-token'), password(':a-token')])
    assert.equal((await visitor(app).get('/health', { authorization })).statusCode, 200, authorization);
});

test('a node that was given no token tells nobody, and whether it is ready it tells everybody in one word', async (t) => {
  const { app } = await testWeb(t);
  for (const authorization of ['Bearer undefined', password('x:undefined'), password(':')])
    assert.equal((await visitor(app).get('/health', { authorization })).statusCode, 401);
  assert.equal((await visitor(app).get('/health/ready')).body, 'ready\n');
  assert.equal((await visitor(app).get('/health/live')).body, 'live\n');
});
