import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from 'undici';
import type { Hop } from '../measures/index.ts';
import { CLIENT, doorTest, SERVICE } from './testing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

test('a call is one trace at both nodes and at the service, and the log names no person', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  const hops: Hop[] = [];
  for (const ctx of [doors.by, doors.kz]) ctx.hop = (hop) => void hops.push(hop);
  const ask = async (headers: Record<string, string> = {}, service = SERVICE) => {
    hops.length = 0;
    const url = `http://127.0.0.1:${doors.port}/r1/${service}/persons/KZ-T-000101?code=KZ-T-000101`;
    const answer = await request(url, { headers: { 'x-road-client': CLIENT, 'x-road-id': 'KZ-T-000101', ...headers } });
    await answer.body.dump();
    const sent = doors.seen.at(-1)?.rawHeaders ?? [];
    const traceparent = sent[sent.findIndex((name) => name.toLowerCase() === 'traceparent') + 1];
    return {
      traceparent,
      id: String(answer.headers['x-road-request-id']),
      told: hops.map(({ hop, trace }) => `${hop} ${trace}`),
    };
  };
  // Nobody began a trace: it is the id that the caller's node gave the request, which the answer tells.
  const own = await ask();
  const trace = own.id.replaceAll('-', '');
  assert.match(String(own.traceparent), new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  assert.deepEqual(own.told, [`serve ${trace}`, `door ${trace}`]);
  assert.deepEqual(
    hops.map(({ outcome, peer, what }) => [outcome, peer, what]),
    [
      [200, 'by', 'kz.population/register/life-events'],
      [200, 'kz', undefined],
    ],
  );
  assert.ok(hops.every(({ ms, waitedMs = Number.NaN }) => waitedMs <= ms));
  assert.ok(!JSON.stringify(hops).includes('KZ-T-000101'));

  const theirs = `00-${TRACE}-b7ad6b7169203331-01`;
  const given = await ask({ traceparent: theirs, tracestate: 'vendor=KZ-T-000101' });
  assert.deepEqual([given.traceparent, given.told], [theirs, [`serve ${TRACE}`, `door ${TRACE}`]]);
  assert.ok(!JSON.stringify(hops).includes('KZ-T-000101'));

  await ask({ traceparent: theirs }, `${SERVICE}-KZ-T-000101`);
  assert.deepEqual(
    hops.map(({ hop, trace: one, outcome }) => [hop, one, outcome]),
    [
      ['serve', TRACE, 'unknown_service'],
      ['door', TRACE, 'unknown_service'],
    ],
  );
  assert.ok(!JSON.stringify(hops).includes('KZ-T-000101'));
});
