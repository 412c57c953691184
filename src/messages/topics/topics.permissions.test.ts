import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSystem, disableService, openChannel, publishService, revokeGrant } from '../../access/index.ts';
import { send } from '../../exchange/index.ts';
import { until } from '../../exchange/testing.ts';
import { isFailure } from '../../storage/index.ts';
import { deliverBody } from '../body.ts';
import { openChannel as openMessages } from '../channels.ts';
import { TYPES } from '../context.ts';
import { RECEIVER, SENDER } from '../testing.ts';
import { publishEvents } from './publish.ts';
import { pullEvents, settleEvents } from './pull-events.ts';
import { listSubscribers } from './subscribers.ts';
import { getSubscription, listSubscriptions, unsubscribe } from './subscriptions.ts';
import { TOPIC, TOPIC_ADDRESS, topicsTest } from './testing.ts';

test('without a grant a subscription is refused with what is missing and whom to ask, alike for a topic that there is and one that there is not', async (t) => {
  const net = await topicsTest(t);
  const known = await net.subscribe();
  const unknown = await net.subscribe({ topic: { ...TOPIC, service: 'nothing' } });
  for (const { status, reason } of [known, unknown]) {
    assert.equal(status, 'refused');
    assert.deepEqual(
      { ...reason, denial: '' },
      {
        code: 'ACCESS_DENIED',
        detail: 'There is no grant for this caller to this service.',
        denial: '',
        askAgency: 'kz.population',
      },
    );
  }
  assert.deepEqual(await listSubscribers(net.kz.db), []);
});

test('a service that is no topic cannot be subscribed to, though all of it is granted', async (t) => {
  const net = await topicsTest(t);
  const by = 'kz.population';
  await publishService(net.kz.ctx, {
    name: 'kz.population/register/people',
    url: 'http://10.0.0.7',
    persons: ['none'],
    by,
  });
  await net.grant({ service: 'kz.population/register/people', method: '*' });
  const { status, reason } = await net.subscribe({ topic: { ...TOPIC, service: 'people' } });
  assert.deepEqual([status, reason?.code], ['refused', 'MESSAGES_TOPIC_UNKNOWN']);
});

test('a grant to send, or to call, is none to subscribe', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic({ method: 'SEND' });
  await net.grantTopic({ method: 'GET' });
  assert.equal((await net.subscribe()).status, 'refused');
});

test('a revoked grant ends what runs under it at once: nothing that is published later comes, and what waits is not handed out', async (t) => {
  const net = await topicsTest(t);
  const grant = await net.grantTopic();
  const { id } = await net.subscribe();
  await net.publish({ data: 'before' });
  await net.take(id, 1);
  await revokeGrant(net.kz.ctx, grant.id, 'over', 'kz.population');
  await net.publish({ data: 'after' });
  await until('it is stopped', async () => (await net.status(id)).status === 'stopped');
  const { reason } = await net.status(id);
  assert.deepEqual([reason?.code, reason?.askAgency], ['ACCESS_DENIED', 'kz.population']);
  await assert.rejects(pullEvents(net.by.ctx, SENDER, id, {}), (error) =>
    isFailure(error, 'MESSAGES_SUBSCRIPTION_OVER'),
  );
  assert.deepEqual(await net.by.db.query('select 1 from messages_inbox where content is not null'), []);
  await net.grantTopic();
  await net.publish({ data: 'granted again' });
  assert.equal((await net.status(id)).status, 'stopped', 'it is for good');
});

test('a grant that expires ends it, also for what was sent under it', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic({ expires: new Date(Date.now() + 3_600_000).toISOString() });
  const { id } = await net.subscribe();
  await net.publish({ data: 1 });
  const { events } = await net.take(id, 1);
  assert.ok(Date.parse(events[0]?.expires ?? '') <= Date.now() + 3_600_000, 'it is held no longer than the grant');
  net.advance(3_601_000);
  await net.publish({ data: 2 });
  await until('it is stopped', async () => (await net.status(id)).status === 'stopped');
});

test('a grant for some types lets these through, and one for some fields these', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic({ path: '/person.*', fields: ['/to'] });
  const { id } = await net.subscribe();
  await net.publish(
    { type: 'house.built', data: { to: 'x' } },
    { data: { to: 'Almaty', diagnosis: 'x' } },
    { datacontenttype: 'text/plain', data: 'secret' },
    { data_base64: 'AP8=' },
    { type: 'person.born', data: { to: 'Astana' } },
  );
  const { data, events } = await net.take(id, 4);
  assert.deepEqual(
    data.toSorted((a, b) => JSON.stringify(a ?? '').localeCompare(JSON.stringify(b ?? ''))),
    [undefined, undefined, { to: 'Almaty' }, { to: 'Astana' }].toSorted((a, b) =>
      JSON.stringify(a ?? '').localeCompare(JSON.stringify(b ?? '')),
    ),
  );
  assert.ok(events.every(({ event }) => event.data_base64 === undefined));
});

test('a quota that is used up holds events back until it begins anew, and loses none', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic({ quota: { calls: 2, windowSeconds: 3600 } });
  const { id } = await net.subscribe();
  for (let n = 1; n <= 3; n++) await net.publish({ subject: 'one', data: n });
  const { lease, events, data } = await net.take(id, 2);
  assert.deepEqual(data, [1, 2]);
  await settleEvents(net.by.ctx, SENDER, id, lease, { acknowledged: events.map(({ message }) => message) });
  assert.equal((await net.status(id)).status, 'active');
  net.advance(3_600_000);
  assert.deepEqual((await net.take(id, 1)).data, [3]);
});

test('a topic that is switched off sends nothing', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  const { id } = await net.subscribe();
  await disableService(net.kz.ctx, TOPIC_ADDRESS, 'closed for repair', 'kz.population');
  await net.publish({ data: 1 });
  await disableService(net.kz.ctx, TOPIC_ADDRESS, null, 'kz.population');
  net.advance(61_000);
  assert.deepEqual((await net.take(id, 1)).data, [1]);
});

test('another system has no part in a subscription, and is not told that there is one', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  const { id } = await net.subscribe();
  await addSystem(net.by.ctx, { name: 'by.pension-fund/other', by: 'operator' });
  const other = { ...SENDER, system: 'other' };
  const refused = (asked: Promise<unknown>) =>
    assert.rejects(asked, (error) => isFailure(error, 'MESSAGES_SUBSCRIPTION_UNKNOWN'));
  await refused(getSubscription(net.by.ctx, other, id));
  await refused(pullEvents(net.by.ctx, other, id, {}));
  await refused(settleEvents(net.by.ctx, other, id, id, {}));
  await refused(unsubscribe(net.by.ctx, other, id));
  assert.deepEqual(await listSubscriptions(net.by.ctx, other), []);
  // Nor has the other state's, to which nothing but the words between the nodes goes.
  await refused(getSubscription(net.kz.ctx, SENDER, id));
});

test('only its own system publishes in a topic', async (t) => {
  const net = await topicsTest(t);
  const event = { specversion: '1.0', id: '1', source: '/x', type: 'a' } as const;
  await addSystem(net.kz.ctx, { name: 'kz.population/other', by: 'operator' });
  for (const system of [
    { ...RECEIVER, system: 'other' },
    { agency: 'kz.pension-fund', system: 'register' },
  ])
    await assert.rejects(publishEvents(net.kz.ctx, system, 'moves', [event]), (error) =>
      isFailure(error, 'MESSAGES_TOPIC_UNKNOWN'),
    );
});

test('a node cannot subscribe for systems of another state, nor end what is not its own', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic({ subject: { kind: 'agency', name: 'kz.pension-fund' } });
  await net.grantTopic();
  const { id } = await net.subscribe();
  const tell = (type: string, body: object) =>
    net.by.ctx.db.transaction((tx) => send(tx, net.by.ctx, { to: 'kz', type, lane: 'x', body: body as never }));
  const words = { topic: TOPIC_ADDRESS, types: '', subject: '', starts: 'now', expires: '2035-01-01T00:00:00.000Z' };
  const foreign = '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d';
  await tell(TYPES.subscribe, { ...words, id: foreign, subscriber: 'kz.pension-fund/registry' });
  await net.kz.db.query(`update messages_subscriber set subscriber = 'kz.pension-fund/registry' where id = $1`, [id]);
  await tell(TYPES.unsubscribe, { id, topic: TOPIC_ADDRESS });
  await until('both came', async () => {
    const rows = await net.by.db.query(`select 1 from exchange_sent where lane = 'x' and status = 'waiting'`);
    const open = await net.kz.db.query(`select 1 from job where queue = 'exchange/in'`);
    return rows.length + open.length === 0;
  });
  assert.deepEqual(
    (await listSubscribers(net.kz.db)).map((one) => [one.id, one.status]),
    [[id, 'active']],
  );
});

test('what nobody subscribed to does not get in: an unasked event, one of another topic, one into another system’s channel', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  const { id } = await net.subscribe();
  await openChannel(net.by.ctx, {
    name: 'by.pension-fund/registry/claims',
    kind: 'MESSAGES',
    persons: ['none'],
    by: 'x',
  });
  const channel = `by.pension-fund/registry/${id}`;
  const unasked = '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d';
  const forged = [
    { sender: 'kz.population/register', channel: `by.pension-fund/registry/${unasked}`, subscription: unasked },
    { sender: 'kz.pension-fund/register', channel, subscription: id },
    { sender: 'kz.population/register', channel: 'by.pension-fund/registry/claims', subscription: id },
    { sender: 'kz.population/register', channel: `by.pension-fund/other/${id}`, subscription: id },
  ];
  await net.kz.ctx.db.transaction(async (tx) => {
    for (const { subscription, ...one } of forged) {
      const event = { subscription, persons: [], purpose: { ground: 'none' } };
      const content = { contentType: 'application/json', bytes: Buffer.from('{"data":"forged"}') };
      await send(tx, net.kz.ctx, {
        to: 'by',
        type: TYPES.deliver,
        lane: 'y',
        body: deliverBody({ ...one, type: 'a', event, ...content }),
      });
    }
  });
  await until('they came', async () => {
    const sent = await net.kz.db.query(`select 1 from exchange_sent where lane = 'y' and status = 'waiting'`);
    const open = await net.by.db.query(`select 1 from job where queue = 'exchange/in'`);
    return sent.length + open.length === 0;
  });
  assert.deepEqual(await net.by.db.query('select channel from messages_inbox'), []);
});

test('no channel is named as that of a subscription would be', async (t) => {
  const net = await topicsTest(t);
  const { id } = await net.subscribe();
  await assert.rejects(openMessages(net.by.ctx, SENDER, id, ['none']), (error) => isFailure(error, 'ACCESS_NAME'));
});
