import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../exchange/testing.ts';
import { isFailure } from '../../storage/index.ts';
import { messagesTest, SENDER } from '../testing.ts';
import { subscribe } from '../topics/subscriptions.ts';
import { TOPIC, topicsTest } from '../topics/testing.ts';
import { mayStandAt, networksOf } from './addresses.ts';
import { openWebhook } from './ask.ts';
import { listNetworks, setNetwork } from './networks.ts';
import { startReceiver } from './testing.ts';

const NONE = networksOf([]);

test('a webhook may stand at public addresses alone, however another one is written', () => {
  for (const address of ['93.184.216.34', '8.8.8.8', '2a00:1450:4001:80b::200e'])
    assert.ok(mayStandAt(address, NONE), address);
  const others = [
    '127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1 224.0.0.1 255.255.255.255',
    '::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: fc00::1 fd12::1 fe80::1 ff02::1 2001:db8::1',
    'localhost 8.8.8 x',
  ];
  for (const address of others.flatMap((line) => line.split(' '))) assert.ok(!mayStandAt(address, NONE), address);
});

test('an operator lists networks, and nothing beside them', () => {
  const listed = networksOf(['10.0.7.0/24', 'fd12::/32']);
  assert.ok(mayStandAt('10.0.7.9', listed) && mayStandAt('fd12::9', listed));
  assert.ok(!mayStandAt('10.0.8.9', listed) && !mayStandAt('127.0.0.1', listed) && !mayStandAt('fd13::9', listed));
});

test('a name that leads to this machine is not called, nor is a literal address, in whatever spelling', async (t) => {
  const receiver = await startReceiver(t);
  const { port } = new URL(receiver.url);
  for (const host of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
    const client = openWebhook({ url: `https://${host}:${port}/events`, certificate: receiver.certificate }, NONE);
    await assert.rejects(client.ask({ method: 'POST', headers: {} }), { word: 'PRIVATE_ADDRESS' }, host);
    client.close();
  }
  assert.deepEqual(receiver.requests, []);
});

test('a receiver that does not answer holds nobody up', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer(() => undefined);
  const listed = networksOf(['127.0.0.1']);
  const client = openWebhook(receiver, listed, 200);
  await assert.rejects(client.ask({ method: 'POST', headers: {} }), { word: 'TIMEOUT' });
  client.close();
});

test('a subscription’s webhook on a private address gets nothing until the operator lists it, nor when he lists it no more', async (t) => {
  const receiver = await startReceiver(t);
  const net = await topicsTest(t);
  await net.grantTopic();
  const { url, certificate } = receiver;
  const { id } = await net.subscribe({ webhook: { url, certificate } });
  await net.publish({ data: 1 });
  await until('it failed', async () => (await net.status(id)).webhook?.failure === 'PRIVATE_ADDRESS');
  assert.deepEqual(receiver.origins, []);
  await setNetwork(net.by.ctx, '127.0.0.0/8', { isAllowed: true, by: 'operator' });
  net.advance(60_000);
  await until('it came', () => receiver.requests.length === 1);
  await setNetwork(net.by.ctx, '127.0.0.0/8', { isAllowed: false, by: 'operator' });
  assert.deepEqual(await listNetworks(net.by.db), []);
  await net.publish({ data: 2 });
  await until('it failed again', async () => (await net.status(id)).webhook?.failure === 'PRIVATE_ADDRESS');
  assert.equal(receiver.requests.length, 1);
  for (const network of ['localhost', '10.0.0.0/33', '10.0.0.0/8/8', ''])
    await assert.rejects(setNetwork(net.by.ctx, network, { isAllowed: true, by: 'operator' }), (error) =>
      isFailure(error, 'MESSAGES_NETWORK'),
    );
});

test('a network that an operator lists stands in the ledger', async (t) => {
  const { by } = await messagesTest(t, { stopped: true });
  const leaves = async () => (await by.db.query('select 1 from ledger_pending')).length;
  const before = await leaves();
  for (const isAllowed of [true, false]) await setNetwork(by.ctx, '10.0.0.0/8', { isAllowed, by: 'operator' });
  assert.equal(await leaves(), before + 2);
});

test('what is no address of a webhook is refused when it is given', async (t) => {
  const net = await topicsTest(t);
  const certificate = 'no certificate';
  const urls = [
    'http://a.example/',
    'a.example',
    'https://user@a.example/',
    'https://a.example/?t=1',
    'https://a.example/#x',
    'https://a/',
    '',
  ];
  const webhooks = [...urls.map((url) => ({ url })), { url: 'https://a.example/', certificate }];
  for (const webhook of webhooks)
    await assert.rejects(
      subscribe(net.by.ctx, SENDER, { topic: TOPIC, idempotencyKey: 'x', webhook }),
      (error) => isFailure(error, 'MESSAGES_WEBHOOK'),
      webhook.url,
    );
});
