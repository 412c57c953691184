import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testWeb, visitor } from '../testing.ts';

test('services are found by what happened, and only by what they belong to', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const start = (await me.get('/')).body;
  const linked = [...start.matchAll(/href="\/events\/([a-z-]+)"/g)].map(([, event]) => event);
  assert.deepEqual(linked, ['retirement', 'disability', 'death-of-a-relative']);
  const services = async (event: string) =>
    [...(await me.get(`/events/${event}`)).body.matchAll(/href="\/services\/([a-z/-]+)"/g)].map(([, path]) => path);
  assert.deepEqual(await services('retirement'), ['pension/pension']);
  assert.deepEqual(await services('death-of-a-relative'), ['pension/survivors-pension']);
  assert.deepEqual(await services('moving'), [], 'nothing for it here is said');
  assert.match((await me.get('/events/moving')).body, /href="\/services"/);
});

test('an event that the platform does not know is no page', async (t) => {
  const { app } = await testWeb(t);
  for (const event of ['winning', 'constructor', 'RETIREMENT'])
    assert.equal((await visitor(app).get(`/events/${event}`)).statusCode, 404, event);
});
