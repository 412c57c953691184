import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Problem } from '../../client/index.ts';
import { until } from '../../exchange/testing.ts';
import { ADDRESS } from '../../messages/testing.ts';
import { sendRaw } from '../testing.ts';
import { apiTest } from './testing.ts';

const run = promisify(execFile);
const NO_CURL = spawnSync('curl', ['--version']).error === undefined ? false : 'curl is not here';

const problem = (status: number, code: string) => (error: unknown) => {
  assert.ok(error instanceof Problem, String(error));
  assert.deepEqual([error.status, error.code], [status, code]);
  return true;
};

test('from certificate to first message by the client: opened, granted, sent, received in order, acknowledged', async (t) => {
  const { sender, receiver, grant } = await apiTest(t);
  await receiver.openChannel('claims', ['none']);
  await grant();
  const sent = [];
  for (let n = 1; n <= 5; n++)
    sent.push(await sender.send({ channel: ADDRESS, type: 'claim.filed', key: 'claim-7', data: { n } }));
  const done = new AbortController();
  const seen: unknown[] = [];
  let failedOnce = false;
  await receiver.receive(
    'claims',
    async ({ data }) => {
      if (seen.length === 2 && !failedOnce) {
        failedOnce = true;
        throw new Error('my database is away');
      }
      seen.push(data);
      if (seen.length === 5) done.abort();
    },
    { signal: done.signal },
  );
  assert.deepEqual(seen, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }]);
  assert.equal(failedOnce, true);
  await until('the sender knows', async () => (await sender.messages({ status: 'acknowledged' })).length === 5);
  const page = await sender.messages({ limit: 2 });
  const next = await sender.messages({ limit: 3, before: page[1]?.id ?? '' });
  assert.deepEqual(
    [...page, ...next].map(({ id }) => id),
    sent.map(({ id }) => id).reverse(),
  );
  assert.deepEqual(await sender.messages({ key: 'claim-8' }), []);
  const [channel] = await receiver.channels();
  assert.deepEqual(channel, { name: 'claims', address: ADDRESS, ready: 0, leased: 0, dead: 0 });
});

test('bytes go as base64 with their type and come back as they were', async (t) => {
  const { sender, receiver, grant, count } = await apiTest(t);
  await grant();
  const bytes = Buffer.from([0, 255, 128]);
  await sender.send({ channel: ADDRESS, type: 'scan', bytes, contentType: 'image/png' });
  await until('it is there', async () => (await count()) === 1);
  const [message] = (await receiver.pull('claims')).messages;
  assert.deepEqual([message?.contentType, message?.dataBase64], ['image/png', bytes.toString('base64')]);
});

test('a system asks what it may use at a system of another state, and why a message was refused', async (t) => {
  const { sender, grant } = await apiTest(t);
  assert.deepEqual(await sender.allowed('kz.population/register'), [], 'to whom nothing is granted nothing is named');
  const { id } = await sender.send({ channel: ADDRESS, type: 'claim.filed', data: 1 });
  await until('it is refused', async () => (await sender.message(id)).status === 'refused');
  const why = await sender.whyDenied((await sender.message(id)).reason?.denial ?? '');
  assert.deepEqual([why.service, why.askAgency], [ADDRESS, 'kz.population']);
  await grant();
  assert.deepEqual(await sender.allowed('kz.population/register'), [
    { service: ADDRESS, kind: 'MESSAGES', endpoints: [{ method: 'SEND', path: '/**' }] },
  ]);
});

test('an answer that was lost is asked for again under the same key: the message is one', async (t) => {
  const { sender } = await apiTest(t, { stopped: true });
  const message = { channel: ADDRESS, type: 'claim.filed', data: 1, idempotencyKey: 'claim-7/filed' };
  const [one, two] = [await sender.send(message), await sender.send(message)];
  assert.equal(one.id, two.id);
  await assert.rejects(sender.send({ ...message, data: 2 }), problem(409, 'MESSAGES_KEY_REUSED'));
  assert.equal((await sender.messages()).length, 1);
});

test('refusals are problem documents with a stable code and tell what is wrong', async (t) => {
  const { sender, receiver } = await apiTest(t, { stopped: true });
  const message = { channel: ADDRESS, type: 'claim.filed', data: 1 };
  await assert.rejects(sender.send({ ...message, type: 'CLAIM' }), problem(400, 'DOORS_API_MALFORMED'));
  await assert.rejects(sender.send({ ...message, other: 1 } as never), problem(400, 'DOORS_API_MALFORMED'));
  await assert.rejects(sender.send({ channel: ADDRESS, type: 'x' }), problem(422, 'MESSAGES_CONTENT'));
  await assert.rejects(
    sender.send({ ...message, channel: 'kz.nobody/a/b' }),
    problem(422, 'MESSAGES_RECEIVER_UNKNOWN'),
  );
  await assert.rejects(sender.send({ ...message, data: 'x'.repeat(5_000_000) }), problem(413, 'MESSAGES_TOO_LARGE'));
  await assert.rejects(sender.send({ ...message, data: 'x'.repeat(7_000_000) }), problem(413, 'DOORS_API_TOO_LARGE'));
  await assert.rejects(sender.message('019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d'), problem(404, 'MESSAGES_UNKNOWN'));
  await assert.rejects(sender.message('7'), problem(400, 'DOORS_API_MALFORMED'));
  await assert.rejects(receiver.pull('nothing'), problem(404, 'MESSAGES_CHANNEL_UNKNOWN'));
  await assert.rejects(sender.messages({ limit: 101 }), problem(400, 'DOORS_API_MALFORMED'));
});

test('over a raw socket: unknown addresses, methods, types and parameters are refused, and the X-Road door is beside it', async (t) => {
  const { ports, by } = await apiTest(t, { stopped: true });
  await by.db.query(`update access_system set connection = 'plain', addresses = '{127.0.0.1}'`);
  await by.db.query('update access_version set version = version + 1');
  const ask = async (line: string, headers: string[] = [], body = '') => {
    const lines = [`${line} HTTP/1.1`, 'Host: node', 'Connection: close', `Content-Length: ${body.length}`, ...headers];
    return sendRaw(ports.by, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  };
  const codeOf = ({ body }: { body: Buffer }) => (JSON.parse(body.toString()) as { code: string }).code;
  const header = ({ headers }: { headers: [string, string][] }, name: string) =>
    headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const nothing = await ask('GET /api/v1/nothing');
  assert.deepEqual([nothing.status, codeOf(nothing)], [404, 'DOORS_API_UNKNOWN']);
  assert.equal(header(nothing, 'content-type'), 'application/problem+json');
  assert.equal(header(nothing, 'cache-control'), 'no-store');
  assert.match(header(nothing, 'ratelimit') ?? '', /^"requests";r=\d+;t=\d+$/);
  const method = await ask('DELETE /api/v1/messages');
  assert.deepEqual([method.status, header(method, 'allow')], [405, 'POST, GET']);
  const key = 'Idempotency-Key: k';
  assert.equal((await ask('POST /api/v1/messages', [key, 'Content-Type: text/plain'], '{}')).status, 415);
  assert.equal((await ask('POST /api/v1/messages', [key, 'Content-Type: application/json'], '{')).status, 400);
  assert.equal((await ask('POST /api/v1/messages', ['Content-Type: application/json'], '{}')).status, 400);
  assert.equal((await ask('GET /api/v1/messages?colour=red')).status, 400);
  assert.equal((await ask('GET /api/v1/messages?limit=1&limit=2')).status, 400);
  assert.equal((await ask('GET /api/v1/messages/%ff')).status, 400);
  assert.equal((await ask('GET /api/v1/messages')).status, 200);
  const beside = await ask('GET /r1/KZ/GOV/population/register/x');
  assert.match(beside.body.toString(), /Missing|missing|client/i);
  assert.equal(beside.status, 500);
});

test('what fails inside is a 500 with a reference, and says nothing of itself', async (t) => {
  const { sender, by, reported } = await apiTest(t, { stopped: true });
  await by.db.query('alter table messages_sent rename to gone');
  const failed = await sender.messages().catch((error: unknown) => error);
  assert.ok(failed instanceof Problem);
  assert.deepEqual([failed.status, failed.code], [500, 'DOORS_API_INTERNAL']);
  assert.doesNotMatch(failed.message, /gone|relation|select/);
  assert.equal(reported.length, 1);
  assert.ok(reported[0]?.startsWith(failed.instance?.replace('urn:uuid:', '') ?? '-'));
});

test('curl sends over mutual TLS, as docs/integrate.md says', { skip: NO_CURL }, async (t) => {
  const { ports, certificates, by, grant, count } = await apiTest(t);
  await grant();
  const at = mkdtempSync(join(tmpdir(), 'commonway-api-'));
  t.after(() => rmSync(at, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({
    'mine.pem': certificates.by.pem,
    'mine.key': certificates.by.key,
    'node.pem': by.ctx.keys.tls.certificatePem,
    'message.json': JSON.stringify({ channel: ADDRESS, type: 'claim.filed', data: { claim: 7 } }),
  }))
    writeFileSync(join(at, name), text);
  const { stdout } = await run(
    'curl',
    [
      '-sk',
      '--cert',
      'mine.pem',
      '--key',
      'mine.key',
      '-H',
      'Idempotency-Key: claim-7',
      '--json',
      '@message.json',
      `https://127.0.0.1:${ports.by}/api/v1/messages`,
    ],
    { cwd: at },
  );
  assert.equal((JSON.parse(stdout) as { status: string }).status, 'waiting');
  await until('it is there', async () => (await count()) === 1);
});

test('a system publishes, and one of another state receives what it handles, in order and until it could', async (t) => {
  const net = await apiTest(t);
  const { topic } = await net.receiver.publishTopic('moves', { title: 'Moves', persons: ['none'] });
  await net.grant({ service: topic, method: 'SUBSCRIBE' });
  const { id } = await net.sender.subscribe({ topic, idempotencyKey: 'moves' });
  await until('it is in force', async () => (await net.sender.subscription(id)).status === 'active');
  const event = (n: number) =>
    ({ specversion: '1.0', id: `${n}`, source: '/register', type: 'person.moved', subject: 'one', data: n }) as const;
  const published = await net.receiver.publish('moves', [event(1), event(2), event(3)]);
  assert.deepEqual(
    published.map(({ isNew }) => isNew),
    [true, true, true],
  );
  const [seen, failed]: [unknown[], unknown[]] = [[], []];
  const end = new AbortController();
  await net.sender.events(
    id,
    async ({ data }) => {
      if (failed.length === 0) throw new Error('not yet');
      seen.push(data);
      if (seen.length === 3) end.abort();
    },
    { signal: end.signal, onError: (_, { data }) => failed.push(data) },
  );
  assert.deepEqual([seen, failed], [[1, 2, 3], [1]]);
});
