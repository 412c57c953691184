import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { generateKey, makeCertificate } from '../crypto/index.ts';
import { type Clock, type Json, shiftedClock, systemClock } from '../storage/index.ts';
import { openVersionSigner, renewManifest, tlsOf } from '../union/index.ts';
import { receiveBatch } from './incoming/receive.ts';
import { exchangeHealth, listUndelivered, type MessageHead, messageRecord, send } from './index.ts';
import {
  craftBatch,
  craftingNode,
  craftMessage,
  freePort,
  startWire,
  type TestNode,
  testNet,
  until,
  type Wire,
} from './testing.ts';

const bodies = (messages: { body: Json }[]) => messages.map(({ body }) => body);

const write = (node: TestNode, body: Json, more: { lane?: string; expires?: string } = {}) =>
  node.db.transaction((tx) => send(tx, node.ctx, { to: 'ru', type: 'note', lane: 'case-1', body, ...more }));

const statusOf = async (node: TestNode, id: string) => (await messageRecord(node.ctx, id, 'out'))?.status;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** kz reaches ru over a wire that a test can disturb; ru listens behind it. */
async function overWire(t: TestContext, clocks: Record<string, Clock> = {}) {
  const net = await testNet(t, ['kz', 'ru'], { clocks });
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const behind = await freePort();
  const { port } = kz.ctx.trust.manifest('ru').endpoints.exchange;
  const wire = await startWire(t, port, behind);
  const startRu = () => ru.start({ listen: { host: '127.0.0.1', port: behind } });
  return { net, kz, ru, wire, startRu };
}

const received = async (node: TestNode) => (await node.db.query('select 1 from exchange_received')).length;

describe('lost-acknowledgement', () => {
  test('what was received, and whose receipt was lost, is sent again and handled once', async (t) => {
    const { kz, ru, wire, startRu } = await overWire(t);
    await startRu();
    wire.mode = 'deaf';
    await kz.start();
    const id = await write(kz, 'once');
    await until('it is durable at the receiver', async () => (await received(ru)) === 1);
    await until('an answer was lost', () => wire.swallowed > 0);
    assert.equal(await statusOf(kz, id), 'waiting');
    wire.mode = 'through';
    await until('the receipt is there', async () => (await statusOf(kz, id)) === 'delivered');
    assert.deepEqual(bodies(ru.handled), ['once']);
    const [row] = await ru.db.query<{ n: number }>(
      `select count(*)::int as n from ledger_opening where kind = 'message-received'`,
    );
    assert.equal(row?.n, 1);
  });
});

describe('partition', () => {
  test('a cut wire delays: nothing is lost, nothing comes twice, the order stays', async (t) => {
    const { kz, ru, wire, startRu } = await overWire(t);
    await startRu();
    await kz.start();
    const modes: Wire['mode'][] = ['cut', 'through', 'deaf', 'cut', 'through'];
    for (let n = 1; n <= 50; n++) {
      if (n % 10 === 1) wire.mode = modes[Math.floor(n / 10)] ?? 'through';
      await write(kz, n, { lane: `case-${n % 3}` });
    }
    wire.mode = 'through';
    await until('all are handled', () => ru.handled.length >= 50, 60_000);
    assert.equal(ru.handled.length, 50);
    for (const rest of [0, 1, 2]) {
      const numbers = bodies(ru.handled.filter(({ head }) => head.lane === `case-${rest}`)) as number[];
      assert.deepEqual(
        numbers,
        [...numbers].sort((a, b) => a - b),
      );
    }
    await until('all are receipted', async () => {
      return (await kz.db.query(`select 1 from exchange_sent where status <> 'delivered'`)).length === 0;
    });
  });

  test('a receiver that was stopped and started in between has each message once', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await kz.start();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 10; n++) await write(kz, round * 10 + n, { lane: `case-${n % 2}` });
      await ru.start();
      await until('something is handled', () => ru.handled.length > round * 10);
      await ru.stop();
    }
    await ru.start();
    await until('all are handled', () => ru.handled.length >= 30, 60_000);
    assert.deepEqual(
      bodies(ru.handled).sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 30 }, (_, n) => n),
    );
  });

  test('a peer that comes back is served at once, not when the back-off ends', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await kz.start();
    await write(kz, 'waiting');
    await until('it was tried', async () => (await exchangeHealth(kz.db))[0]?.failure !== undefined);
    await kz.db.query(
      `update job set visible_at = now() + interval '1 hour' where queue = 'exchange/out/ru' and token is null`,
    );
    await ru.start();
    await until('it is handled', () => ru.handled.length === 1);
  });
});

describe('killed between commit and answer', () => {
  test('a sender that never stored the receipt gets the same one again, and stores it once', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    const id = await write(kz, 'x');
    // The first process: it made a batch, the receiver committed, and it died before it stored the answer.
    const [row] = await kz.db.query<{ head: Buffer; body: Buffer; salt: Buffer }>(
      'select head, body, salt from exchange_sent',
    );
    assert.ok(row);
    const parsed = JSON.parse(row.head.toString()) as MessageHead;
    await receiveBatch(ru.ctx, 'kz', craftBatch(kz, 'ru', [{ ...row, parsed }]));
    await until('it is handled', () => ru.handled.length === 1);
    const before = (await messageRecord(ru.ctx, id, 'in'))?.receivedAt;
    await kz.start();
    await until('the receipt is there', async () => (await statusOf(kz, id)) === 'delivered');
    assert.equal((await messageRecord(kz.ctx, id))?.receipt?.receivedAt, before);
    assert.equal(ru.handled.length, 1);
  });
});

describe('a gap in a lane', () => {
  test('waits: what comes later is receipted but not handled before what comes first', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['ru'] });
    const ru = net.node('ru');
    const kz = craftingNode(net.union, 'kz');
    await ru.start();
    const note = (sequence: number, lane = 'case-1') =>
      craftMessage({ from: 'kz', to: 'ru', sequence, lane }, sequence);
    const give = (...messages: ReturnType<typeof note>[]) => receiveBatch(ru.ctx, 'kz', craftBatch(kz, 'ru', messages));
    await give(note(3), note(2));
    await give(note(1, 'case-2'));
    await until('the other lane goes on', () => ru.handled.length === 1);
    assert.equal(await received(ru), 3);
    await give(note(5), note(1));
    await until('the lane goes on up to the next gap', () => ru.handled.length === 4);
    await give(note(4));
    await until('the lane goes on', () => ru.handled.length === 6);
    assert.deepEqual(bodies(ru.handled.filter(({ head }) => head.lane === 'case-1')), [1, 2, 3, 4, 5]);
  });

  test('is closed whatever order the messages of many lanes come in', async (t) => {
    const net = await testNet(t, ['kz', 'ru'], { withStore: ['ru'] });
    const ru = net.node('ru');
    const kz = craftingNode(net.union, 'kz');
    await ru.start();
    const messages = Array.from({ length: 60 }, (_, n) =>
      craftMessage({ from: 'kz', to: 'ru', sequence: Math.floor(n / 5) + 1, lane: `case-${n % 5}` }, Math.floor(n / 5)),
    );
    // A fixed shuffle, so that a failure comes again.
    const shuffled = messages.map((message, n) => ({ message, at: (n * 7919) % 61 })).sort((a, b) => a.at - b.at);
    const batches = [0, 1, 2, 3, 4, 5].map((k) => shuffled.slice(k * 10, k * 10 + 10).map(({ message }) => message));
    await Promise.all(batches.map((batch) => receiveBatch(ru.ctx, 'kz', craftBatch(kz, 'ru', batch))));
    await until('all are handled', () => ru.handled.length === 60, 30_000);
    for (let lane = 0; lane < 5; lane++) {
      const order = bodies(ru.handled.filter(({ head }) => head.lane === `case-${lane}`));
      assert.deepEqual(
        order,
        Array.from({ length: 12 }, (_, n) => n),
      );
    }
  });
});

describe('expiry', () => {
  test('a message that expires while its receiver is away is certainly not delivered: its sender is told, and the lane goes on', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    const told: [string, string][] = [];
    await kz.start({ undelivered: async (_tx, head, code) => void told.push([head.id, code]) });
    const id = await write(kz, 'too late', { expires: inSeconds(0.3) });
    await write(kz, 'behind');
    await until('it expired', async () => (await statusOf(kz, id)) === 'voiding');
    assert.deepEqual(told, [], 'nothing is certain before the receiver said so');
    await ru.start();
    await until('the lane goes on', () => ru.handled.length === 1);
    assert.deepEqual(bodies(ru.handled), ['behind']);
    await until('the sender knows', async () => (await statusOf(kz, id)) === 'expired');
    assert.deepEqual(told, [[id, 'EXCHANGE_UNDELIVERED']]);
    const letters = await listUndelivered(kz.db);
    assert.deepEqual(
      letters.map(({ id: letter, status }) => [letter, status]),
      [[id, 'expired']],
    );
  });

  test('a message that had come, whose receipt was lost until it expired, is known as delivered in the end', async (t) => {
    const { kz, ru, wire, startRu } = await overWire(t);
    await startRu();
    wire.mode = 'deaf';
    const told: string[] = [];
    await kz.start({ undelivered: async (_tx, head) => void told.push(head.id) });
    const id = await write(kz, 'in time', { expires: inSeconds(2) });
    await until('it is durable at the receiver', async () => (await received(ru)) === 1);
    await until('it expired', async () => (await statusOf(kz, id)) === 'voiding');
    wire.mode = 'through';
    await until('the receipt is there', async () => (await statusOf(kz, id)) === 'delivered', 30_000);
    await write(kz, 'next');
    await until('the lane goes on', () => ru.handled.length === 2);
    assert.deepEqual(bodies(ru.handled), ['in time', 'next']);
    assert.deepEqual(told, []);
  });
});

describe('clock-skew', () => {
  test('between two nodes delays, is shown with its own code, and is over when the clock is right', async (t) => {
    let offset = 120_000;
    const clock: Clock = { now: () => shiftedClock(offset).now() };
    const net = await testNet(t, ['kz', 'ru'], { clocks: { kz: clock, ru: systemClock } });
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    await write(kz, 'x');
    const failure = async () => (await exchangeHealth(kz.db))[0]?.failure ?? '';
    await until('it is refused', async () => (await failure()).includes('EXCHANGE_CLOCK_SKEW'));
    offset = -120_000;
    await kz.db.query(`update exchange_peer set failure = ''`);
    await until('a clock that is behind is refused too', async () => (await failure()).includes('EXCHANGE_CLOCK_SKEW'));
    assert.equal(ru.handled.length, 0);
    offset = 0;
    await until('it is handled', () => ru.handled.length === 1, 30_000);
  });
});

describe('a state that renews its keys', () => {
  test('alone, while messages flow: new certificate and new signing key, none lost', async (t) => {
    const net = await testNet(t, ['kz', 'ru']);
    const [kz, ru] = [net.node('kz'), net.node('ru')];
    await ru.start();
    await kz.start();
    await write(kz, 'old keys');
    await until('it is handled', () => ru.handled.length === 1);

    const folder = mkdtempSync(join(tmpdir(), 'commonway-renew-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const root = net.union.roots.kz;
    assert.ok(root);
    const signer = openVersionSigner(folder, root);
    const transport = generateKey('es256');
    const dates = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2080-01-01T00:00:00.000Z' };
    const certificate = makeCertificate({ key: transport, commonName: 'kz', ...dates, sans: ['127.0.0.1'] });
    const messages = generateKey();
    const now = new Date().toISOString();
    const { trust } = kz.ctx;
    const second = renewManifest(trust.sealedManifest('kz'), signer, {
      issued: now,
      addCertificates: [{ fingerprint: certificate.fingerprint, pem: certificate.pem }],
      addKeys: [{ purpose: 'messages', key: messages.public, from: now }],
    });
    await trust.learnManifest(second);
    // A message under the new key makes the receiver ask for the manifest that it lacks.
    kz.ctx.keys = { ...kz.ctx.keys, messages };
    await kz.stop();
    await kz.start();
    await write(kz, 'new signing key');
    await until('the receiver learned the manifest', () => ru.ctx.trust.manifest('kz').version === 2);
    await until('it is handled', () => ru.handled.length === 2);

    kz.ctx.keys = { ...kz.ctx.keys, tls: tlsOf(transport, certificate.pem) };
    await kz.stop();
    await kz.start();
    await write(kz, 'new certificate');
    await until('it is handled', () => ru.handled.length === 3);
    assert.deepEqual(bodies(ru.handled), ['old keys', 'new signing key', 'new certificate']);
  });
});
