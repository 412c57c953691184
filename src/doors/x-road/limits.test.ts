import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { request } from 'undici';
import { until } from '../../exchange/testing.ts';
import { CLIENT, doorTest, SERVICE, sendRaw } from '../testing.ts';
import { listen } from './listen.ts';
import { askService, targetIn } from './service.ts';

const HEADERS = { 'X-Road-Client': CLIENT };

test('who sends the head of a request without an end is not waited for, in plain HTTP and over TLS', {
  timeout: 20_000,
}, async (t) => {
  const { keys } = await doorTest(t);
  const door = await listen({
    listen: { host: '127.0.0.1', port: 0 },
    tls: keys.by?.tls as { certificatePem: string; privateKeyPem: string },
    answer: () => assert.fail('there was no request'),
    headersMs: 100,
  });
  t.after(() => door.stop());
  const plain = connect(door.port, '127.0.0.1');
  const secure = connectTls({ port: door.port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  for (const socket of [plain, secure]) {
    socket.write('GET / HTTP/1.1\r\nA: ');
    const drip = setInterval(() => socket.writable && socket.write('b'), 20);
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
    clearInterval(drip);
  }
});

test('who was refused cannot go on sending', { timeout: 20_000 }, async (t) => {
  const doors = await doorTest(t);
  const socket = connect(doors.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST /r1/${SERVICE} HTTP/1.1\r\nHost: n\r\nX-Road-Client: BY/GOV/x/y\r\nContent-Length: 900000000\r\n\r\n`,
  );
  const drip = setInterval(() => socket.writable && socket.write('b'), 20);
  t.after(() => clearInterval(drip));
  let answer = '';
  socket.on('data', (part) => (answer += part));
  await once(socket, 'close');
  assert.match(answer, /unknown_member/);
  assert.match(answer, /\r\nConnection: close\r\n/i);
});

test('who was refused after a body of moderate size goes on with the same connection', async (t) => {
  const doors = await doorTest(t);
  const body = 'x'.repeat(200_000);
  const post = (client: string, end: string) =>
    `POST /r1/${SERVICE} HTTP/1.1\r\nHost: n\r\nX-Road-Client: ${client}\r\n${end}Content-Length: ${body.length}\r\n\r\n${body}`;
  await doors.grant();
  const both = post('BY/GOV/x/y', '') + post(CLIENT, 'Connection: close\r\n');
  const answer = await sendRaw(doors.port, Buffer.from(both));
  assert.equal(answer.status, 500);
  assert.match(answer.body.toString('latin1'), /HTTP\/1\.1 200 OK/);
});

test('a service that accepts and says nothing is not waited for without an end', { timeout: 20_000 }, async (t) => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  await assert.rejects(
    askService({ url, method: 'GET', headers: [], body: null, signal: undefined, silenceMs: 50 }),
    /The connection to the service broke/,
  );
});

test('a service is asked for the path that was decided on, whatever its host is called', () => {
  const target = (url: string) => targetIn(url, new URL(url).protocol, new URL(url).host);
  assert.equal(target('http://t/api/persons/t'), '/api/persons/t');
  assert.equal(target('http://http/p?x=http'), '/p?x=http');
  assert.equal(target('https://p:8443/%2e'), '/%2e');
  assert.equal(target('http://h'), '/');
  assert.equal(target('http://h?a=1'), '/?a=1');
});

test('a body that is streamed counts against the quota like any other', async (t) => {
  const doors = await doorTest(t);
  await doors.grant({ quota: { bytes: 100_000, windowSeconds: 3600 } });
  doors.answer((_, response) => response.end('ok'));
  const post = async () => {
    const stream = new PassThrough();
    stream.end(Buffer.alloc(150_000));
    const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, {
      method: 'POST',
      headers: HEADERS,
      body: stream,
    });
    await answer.body.dump();
    return answer.headers['x-road-error'];
  };
  assert.equal(await post(), undefined);
  // What has passed is added once the answer is closed, which its reader may see before.
  const used = async () => {
    const [row] = await doors.kz.db.query<{ bytes: string }>('select bytes from access_use', []);
    return Number(row?.bytes);
  };
  await until('it is counted', async () => (await used()) > 0);
  assert.equal(await used(), 150_002);
  assert.equal(await post(), 'server.serverproxy.quota_exceeded');
});
