import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listGrants, revokeGrant } from '../../access/index.ts';
import {
  rememberHere,
  verifyWebhook,
  type WebhookKey,
  WebhookRefused,
  type WebhookRequest,
} from '../../client/index.ts';
import { generateKey, publicKeyJson } from '../../crypto/index.ts';
import { until } from '../../exchange/testing.ts';
import { isFailure } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';
import { SENDER } from '../testing.ts';
import { listDeadEvents, resendEvent } from '../topics/dead-events.ts';
import { pullEvents } from '../topics/pull-events.ts';
import { topicsTest } from '../topics/testing.ts';
import { webhookKeys } from './keys.ts';
import { setNetwork } from './networks.ts';
import { startReceiver } from './testing.ts';

/** Belarus's system has subscribed with a webhook that its node may call. */
async function webhookTest(
  t: TestContext,
  prepare: (receiver: Awaited<ReturnType<typeof startReceiver>>) => void = () => undefined,
) {
  const receiver = await startReceiver(t);
  prepare(receiver);
  const net = await topicsTest(t);
  await setNetwork(net.by.ctx, '127.0.0.1', { isAllowed: true, by: 'operator' });
  await net.grantTopic({ expires: new Date(Date.now() + 30 * 86_400_000).toISOString() });
  const { url, certificate } = receiver;
  const { id } = await net.subscribe({ webhook: { url, certificate } });
  const tried = async () => (await net.status(id)).webhook;
  const failed = (word: string) => until(`it failed: ${word}`, async () => (await tried())?.failure === word);
  const keys = webhookKeys(net.by.ctx) as WebhookKey[];
  return { net, receiver, id, tried, failed, keys };
}

test('the target is asked whether it wants events before the first, and gets them in order, each signed by the node', async (t) => {
  const { net, receiver, id, tried, keys } = await webhookTest(t);
  for (let n = 1; n <= 3; n++) await net.publish({ subject: 'one', data: n });
  await until('all came', () => receiver.requests.length === 3);
  assert.deepEqual(receiver.data(), [1, 2, 3]);
  assert.deepEqual(receiver.origins, ['by.localhost'], 'the name of the node, once');
  const remember = rememberHere();
  for (const request of receiver.requests) {
    assert.equal(request.headers['content-type'], 'application/cloudevents+json');
    const { source, type } = await verifyWebhook({ ...request, url: receiver.url }, { keys, remember });
    assert.deepEqual([source, type], ['/register', 'person.moved']);
  }
  await until('they are acknowledged', async () => {
    const open = await net.by.db.query('select 1 from messages_inbox where content is not null');
    return open.length === 0;
  });
  assert.deepEqual([(await tried())?.failure, typeof (await tried())?.provenAt], [null, 'string']);
  await assert.rejects(pullEvents(net.by.ctx, SENDER, id, {}), (error) => isFailure(error, 'MESSAGES_PUSHED'));
});

test('a target that does not say that it wants events gets none, and is asked again later', async (t) => {
  const { net, receiver, failed } = await webhookTest(t, (one) => one.shake(() => ({ status: 200 })));
  await net.publish({ data: 1 });
  await failed('NOT_ALLOWED');
  receiver.shake(() => ({ status: 200, headers: { 'WebHook-Allowed-Origin': 'another.example' } }));
  net.advance(10_000);
  await until('it was asked again', () => receiver.origins.length >= 2);
  receiver.shake(() => ({ status: 405 }));
  net.advance(60_000);
  await failed('HTTP_405');
  assert.deepEqual(receiver.requests, []);
  receiver.shake(() => ({ status: 200, headers: { 'WebHook-Allowed-Origin': 'by.localhost' } }));
  net.advance(600_000);
  await until('it came', () => receiver.requests.length === 1);
});

test('an event that a receiver does not take comes again with the same id and a new signature, before the next of its subject', async (t) => {
  const { net, receiver } = await webhookTest(t);
  receiver.answer(() => ({ status: 503 }));
  await net.publish({ subject: 'one', data: 1 }, { subject: 'one', data: 2 }, { subject: 'two', data: 'beside' });
  await until('both subjects were tried', () => receiver.requests.length === 2);
  assert.deepEqual(receiver.data().toSorted(), [1, 'beside']);
  receiver.answer(() => ({ status: 200 }));
  net.advance(60_000);
  await until('all came', () => receiver.requests.length === 5);
  const data = receiver.data();
  assert.ok(data.lastIndexOf(1) < data.indexOf(2), JSON.stringify(data));
  const [first, again] = receiver.requests.filter((_, place) => data[place] === 1);
  assert.deepEqual(first?.body, again?.body);
  assert.notEqual(first?.headers['signature-input'], again?.headers['signature-input']);
});

test('an event is dead after ten tries, says why, and goes again when its system asks', async (t) => {
  const { net, receiver, id, tried } = await webhookTest(t);
  receiver.answer(() => ({ status: 500 }));
  await net.publish({ subject: 'one', data: 1 }, { subject: 'one', data: 2 });
  for (let time = 1; time <= LIMITS.deliveries; time++) {
    await until(`try ${time}`, () => receiver.requests.length === time);
    await until('it is written down', async () => {
      const rows = await net.by.db.query(`select 1 from messages_inbox where status = 'leased'`);
      return rows.length === 0;
    });
    net.advance(30_000_000);
  }
  const [dead, ...others] = await listDeadEvents(net.by.ctx, SENDER, id);
  assert.deepEqual([dead?.reason, dead?.deliveries, dead?.behind, others], ['HTTP_500', 10, 1, []]);
  assert.equal((await tried())?.failure, 'HTTP_500');
  await assert.rejects(resendEvent(net.by.ctx, { ...SENDER, system: 'other' }, id, dead?.message ?? ''), (error) =>
    isFailure(error, 'MESSAGES_SUBSCRIPTION_UNKNOWN'),
  );
  receiver.answer(() => ({ status: 200 }));
  await resendEvent(net.by.ctx, SENDER, id, dead?.message ?? '');
  await until('both came', () => receiver.requests.length === LIMITS.deliveries + 2);
  assert.deepEqual(receiver.data().slice(-2), [1, 2]);
  await assert.rejects(resendEvent(net.by.ctx, SENDER, id, dead?.message ?? ''), (error) =>
    isFailure(error, 'MESSAGES_UNKNOWN'),
  );
});

test('a redirect is not followed', async (t) => {
  const elsewhere = await startReceiver(t);
  const { net, receiver, failed } = await webhookTest(t);
  receiver.answer(() => ({ status: 307, headers: { Location: elsewhere.url } }));
  await net.publish({ data: 1 });
  await failed('REDIRECT');
  assert.deepEqual(elsewhere.requests, []);
});

test('a receiver whose certificate is another, that answers without end, or not at all, has taken nothing', async (t) => {
  const { net, receiver, failed, id } = await webhookTest(t);
  receiver.answer(() => ({ status: 200, body: Buffer.alloc(LIMITS.webhook.answerBytes + 1) }));
  await net.publish({ data: 1 });
  await failed('ANSWER_TOO_LARGE');
  const other = await startReceiver(t);
  await net.by.db.query('update messages_webhook set certificate = $1 where id = $2', [other.certificate, id]);
  net.advance(60_000);
  await failed('TLS');
  await net.by.db.query('update messages_webhook set certificate = null where id = $1', [id]);
  net.advance(600_000);
  await until('it was tried under the usual authorities', async () => {
    const [row] = await net.by.db.query<{ deliveries: number; reason: string }>(
      'select deliveries, reason from messages_inbox',
    );
    return row?.deliveries === 3 && row.reason === 'TLS';
  });
  assert.equal(receiver.requests.length, 1);
});

test('a receiver that is gone for good ends its subscription', async (t) => {
  const { net, receiver, id } = await webhookTest(t);
  receiver.answer(() => ({ status: 410 }));
  await net.publish({ data: 1 }, { data: 2 });
  await until('it has ended', async () => (await net.status(id)).status === 'ended');
  assert.equal((await net.status(id)).reason?.code, 'MESSAGES_WEBHOOK_GONE');
  assert.equal(receiver.requests.length, 1);
});

test('a receiver gets as many a minute as it said, and waits as long as it says', async (t) => {
  const headers = { 'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '2' };
  const { net, receiver } = await webhookTest(t, (one) => one.shake(() => ({ status: 200, headers })));
  await net.publish({ data: 1 }, { data: 2 }, { data: 3 });
  await until('two came', () => receiver.requests.length === 2);
  await net.publish({ data: 4 });
  const paced = async () => net.by.db.query(`select 1 from job where key like '%/paced/%'`);
  await until('the next waits for its minute', async () => (await paced()).length > 0);
  assert.equal(receiver.requests.length, 2);
  receiver.answer(() => ({ status: 429, headers: { 'Retry-After': '86400' } }));
  net.advance(61_000);
  await until('it was tried', () => receiver.requests.length >= 3);
  receiver.answer(() => ({ status: 200 }));
  await until('its answer is written down', async () => {
    const rows = await net.by.db.query(`select 1 from messages_inbox where not_before > now() + interval '23 hours'`);
    return rows.length >= 1;
  });
});

test('a grant that is revoked stops the webhook', async (t) => {
  const { net, receiver, id } = await webhookTest(t);
  receiver.answer(() => ({ status: 503 }));
  await net.publish({ data: 1 });
  await until('it was tried', () => receiver.requests.length === 1);
  for (const { id: grant } of await listGrants(net.kz.ctx)) await revokeGrant(net.kz.ctx, grant, 'over', 'kz');
  await until('it is stopped', async () => (await net.status(id)).status === 'stopped');
  net.advance(600_000);
  await until('nothing is wanted any more', async () => {
    const jobs = await net.by.db.query(`select 1 from job where queue = 'messages/webhook'`);
    return jobs.length === 0;
  });
  assert.equal(receiver.requests.length, 1);
});

test('what a receiver verifies is the node’s, whole, new and for itself', async (t) => {
  const { net, receiver, keys } = await webhookTest(t);
  await net.publish({ data: 'genuine' });
  await until('it came', () => receiver.requests.length === 1);
  const [seen] = receiver.requests as [WebhookRequest];
  const request = { ...seen, url: receiver.url };
  const remember = rememberHere();
  const refused = async (
    code: string,
    changed: Partial<WebhookRequest>,
    more: { keys?: WebhookKey[]; now?: Date } = {},
  ) => {
    const asked = verifyWebhook({ ...request, ...changed }, { keys, remember: rememberHere(), ...more });
    await assert.rejects(asked, (error) => error instanceof WebhookRefused && error.code === code, code);
  };
  const withHeader = (name: string, value: string | undefined) => ({ headers: { ...request.headers, [name]: value } });
  const field = (name: string) => String(request.headers[name]);
  assert.equal((await verifyWebhook(request, { keys, remember })).data, 'genuine');
  await assert.rejects(verifyWebhook(request, { keys, remember }), { code: 'REPLAYED' });
  const other = { ...publicKeyJson(generateKey('ed25519').public), id: keys[0]?.id ?? '' } as WebhookKey;
  await refused('SIGNATURE', {}, { keys: [other] });
  await refused('KEY_UNKNOWN', {}, { keys: [] });
  await refused('SIGNATURE', { method: 'PUT' });
  await refused('SIGNATURE', { url: 'https://another.example/events' });
  await refused('SIGNATURE', { url: `${receiver.url}/other` });
  await refused('CONTENT_DIGEST', { body: Buffer.from('{"data":"forged"}') });
  await refused('SIGNATURE', withHeader('content-digest', field('content-digest').replace(/=:.{4}/, '=:AAAA')));
  await refused('MALFORMED', withHeader('content-type', 'application/json'));
  await refused('MALFORMED', withHeader('signature', undefined));
  await refused(
    'SIGNATURE',
    withHeader('signature-input', field('signature-input').replace(/created=\d+/, 'created=1')),
  );
  await refused('MALFORMED', withHeader('signature-input', field('signature-input').replace('"content-digest"', '')));
  await refused('MALFORMED', withHeader('signature-input', `${field('signature-input')}, commonway=()`));
  const at = (seconds: number) => ({ now: new Date(Date.now() + seconds * 1000) });
  await refused('TOO_OLD', {}, at(302));
  await refused('TOO_OLD', {}, at(-302));
});
