import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from 'undici';
import { CLIENT, doorTest, SERVICE, sendRaw } from '../testing.ts';
import { carryAnswer, carryRequest, openAnswer } from './carried.ts';
import type { Header } from './head.ts';
import { serveXRoad } from './provide.ts';

const HEADERS = { 'X-Road-Client': CLIENT };
const head = (...lines: string[]) =>
  carryRequest(
    Buffer.from([`POST`, `/r1/${SERVICE}/x`, `X-Road-Client:${CLIENT}`, ...lines, ''].join('\r\n'), 'latin1'),
  );

test('a node cannot have a second request read out of the body of the first one', async (t) => {
  const doors = await doorTest(t);
  await doors.grant({ path: '/x' });
  const body = Buffer.from('xGET /base/secret HTTP/1.1\r\nHost: h\r\n\r\n');
  const lies = [
    'Content-Length:1',
    'content-length: 1',
    'Transfer-Encoding:chunked',
    'Connection:content-length',
    'Host:other',
    'Expect:100-continue',
    'Upgrade:h2c',
    'A:b\nContent-Length:1',
    'A:b\rContent-Length:1',
    'A :b',
    ' A:b',
    'A:b\0',
  ];
  for (const lie of lies) {
    const { head: answer } = await serveXRoad(doors.kz)({
      id: 'x',
      from: 'by',
      mode: 'batch',
      head: head(lie),
      body,
    } as Parameters<ReturnType<typeof serveXRoad>>[0]);
    assert.throws(() => openAnswer(answer), /Malformed request/, lie);
  }
  assert.equal(doors.seen.length, 0);
});

test('a header cannot ask the service for another method or path than was decided on', async (t) => {
  const doors = await doorTest(t);
  await doors.grant({ method: 'POST', path: '/x' });
  for (const name of [
    'X-HTTP-Method-Override',
    'x_http_method_override',
    'X-HTTP-Method',
    'X-Original-URL',
    'X-Rewrite-Url',
  ]) {
    const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}/x`, {
      method: 'POST',
      headers: { ...HEADERS, [name]: 'DELETE' },
    });
    assert.equal(answer.headers['x-road-error'], 'server.serverproxy.bad_request', name);
    await answer.body.dump();
  }
  assert.equal(doors.seen.length, 0);
});

test('the service is told of the client that was proven, and of no other', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  const lines = [
    `GET /r1/${SERVICE}/x HTTP/1.1`,
    'Host: n',
    'X-Road-Client: BY/GOV/tax/inspector',
    'X_Road_Client: BY/GOV/tax/inspector',
    `x-road-client: ${CLIENT}`,
    'X_ROAD-CLIENT: BY/GOV/tax/inspector',
    'Connection: close',
  ];
  const answer = await sendRaw(doors.port, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  assert.equal(answer.status, 200);
  const told = doors.seen[0]?.rawHeaders ?? [];
  assert.deepEqual(
    told.filter((_, at) => at % 2 === 1 && /client/i.test(told[at - 1] ?? '')),
    [CLIENT],
  );
});

test("a provider's node cannot split an answer, forge a gateway's words, or answer without an end", async (t) => {
  let lie: { status: number; reason?: string; headers: Header[] } = { status: 200, headers: [] };
  const doors = await doorTest(t, {
    carry: () => async () => ({
      id: 'x',
      head: carryAnswer({ reason: 'OK', ...lie }),
      body: Buffer.from('xHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged'),
    }),
  });
  const ask = () => request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, { headers: HEADERS });
  for (const header of [
    ['Content-Length', '1'],
    ['Transfer-Encoding', 'chunked'],
    ['Connection', 'upgrade'],
    ['A', 'b\nSet-Cookie: c=d'],
    ['A b', 'c'],
  ] as Header[]) {
    lie = { status: 200, headers: [header] };
    const answer = await ask();
    assert.equal(answer.headers['x-road-error'], 'server.clientproxy.internal_error', header[0]);
    assert.doesNotMatch(await answer.body.text(), /forged/);
  }
  for (const status of [100, 101, 102, 199]) {
    lie = { status, headers: [] };
    const answer = await ask();
    assert.equal(answer.headers['x-road-error'], 'server.clientproxy.internal_error', String(status));
    await answer.body.dump();
  }
  lie = { status: 200, reason: 'OK\nA: b', headers: [] };
  const split = await ask();
  assert.equal(split.headers.a, undefined);
  await split.body.dump();
  lie = {
    status: 200,
    headers: [
      ['X-Road-Error', 'server.serverproxy.access_denied'],
      ['X-Road-Request-Hash', 'forged'],
      ['X-Road-Client', 'BY/GOV/tax/inspector'],
    ],
  };
  const forged = await ask();
  assert.equal(forged.headers['x-road-error'], undefined);
  assert.match(String(forged.headers['x-road-request-hash']), /==$/);
  assert.equal(forged.headers['x-road-client'], CLIENT);
  await forged.body.dump();
});
