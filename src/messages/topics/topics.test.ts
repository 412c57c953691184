import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { revokeGrant } from '../../access/index.ts';
import { until } from '../../exchange/testing.ts';
import { isFailure } from '../../storage/index.ts';
import { listDeadMessages } from '../dead.ts';
import { LIMITS } from '../limits.ts';
import { RECEIVER, SENDER } from '../testing.ts';
import { publishEvents } from './publish.ts';
import { pullEvents, settleEvents } from './pull-events.ts';
import { endSubscriber, listSubscribers } from './subscribers.ts';
import { subscribe, unsubscribe } from './subscriptions.ts';
import { TOPIC, TOPIC_ADDRESS, topicsTest } from './testing.ts';
import { publishTopic } from './topics.ts';

const EVENT = { specversion: '1.0', id: 'e-1', source: '/register', type: 'person.moved' } as const;
/** Waits until the topic's node has sent all that there is. */
const fannedOut = async (net: Awaited<ReturnType<typeof topicsTest>>) =>
  until('all is sent', async () => {
    const waiting = await net.kz.db.query(`select 1 from job where queue = 'messages/fan-out' and run_at <= now()`);
    const going = await net.kz.db.query(`select 1 from exchange_sent where status = 'waiting'`);
    return waiting.length + going.length === 0;
  });

test('an event travels to the subscriber of another state as it was published, and to one of the own state by the same way', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  await net.grantTopic({ subject: { kind: 'agency', name: 'kz.population' } });
  const { id, status } = await net.subscribe();
  assert.equal(status, 'active');
  const own = await subscribe(net.kz.ctx, RECEIVER, { topic: TOPIC, idempotencyKey: 'own' });
  await until('both are in force', async () => (await listSubscribers(net.kz.db)).length === 2);
  const event = { ...EVENT, subject: 'resident 7', time: '2026-01-01T00:00:00Z', data: { to: 'Almaty', n: [1, null] } };
  await publishEvents(net.kz.ctx, RECEIVER, 'moves', [event]);
  const { lease, events } = await net.take(id, 1);
  assert.deepEqual(events[0]?.event, event);
  const message = events[0]?.message ?? '';
  assert.deepEqual((await settleEvents(net.by.ctx, SENDER, id, lease, { acknowledged: [message] })).acknowledged, [
    message,
  ]);
  assert.deepEqual((await pullEvents(net.by.ctx, SENDER, id, {})).events, []);
  const here = await pullEvents(net.kz.ctx, RECEIVER, own.subscription.id, { waitMs: 10_000 });
  assert.deepEqual(here.events[0]?.event, event);
});

test('events of one subject keep their order, come again by the same id until they are acknowledged, and are dead after ten times', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  const { id } = await net.subscribe();
  for (let n = 1; n <= 6; n++) await net.publish({ subject: n % 2 ? 'odd' : 'even', data: n });
  const { lease, events, data } = await net.take(id, 6);
  const of = (rest: number) => data.map(Number).filter((n) => n % 2 === rest);
  assert.deepEqual(
    [of(1), of(0)],
    [
      [1, 3, 5],
      [2, 4, 6],
    ],
  );
  const first = events.find(({ event }) => event.data === 1);
  await settleEvents(net.by.ctx, SENDER, id, lease, { rejected: [{ id: first?.message ?? '', retryAfterSeconds: 0 }] });
  const again = await pullEvents(net.by.ctx, SENDER, id, {});
  assert.deepEqual(
    again.events.map(({ event, delivery }) => [event.data, delivery]),
    [
      [1, 2],
      [3, 1],
      [5, 1],
    ],
  );
  assert.equal(again.events[0]?.event.id, first?.event.id);
  await net.by.db.query('update messages_inbox set deliveries = $1 where id = $2', [LIMITS.deliveries, first?.message]);
  await settleEvents(net.by.ctx, SENDER, id, again.lease, { rejected: [{ id: first?.message ?? '' }] });
  assert.deepEqual(
    (await listDeadMessages(net.by.db)).map((dead) => [dead.id, dead.behind]),
    [[first?.message, 2]],
    'an operator sees it, and what waits behind it',
  );
});

test('the same source and id is the same event; another one under it is refused, and nothing of its batch is published', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  const { id } = await net.subscribe();
  const publish = (...events: Parameters<typeof publishEvents>[3]) =>
    publishEvents(net.kz.ctx, RECEIVER, 'moves', events);
  const [once] = await publish({ ...EVENT, data: 1 });
  const [twice] = await publish({ ...EVENT, data: 1 });
  assert.deepEqual([once?.isNew, twice?.isNew, twice?.position], [true, false, once?.position]);
  await publish({ ...EVENT, source: '/other', data: 2 });
  await assert.rejects(publish({ ...EVENT, id: 'e-2', data: 3 }, { ...EVENT, data: 9 }), (error) =>
    isFailure(error, 'MESSAGES_EVENT_REUSED'),
  );
  await publish({ ...EVENT, id: 'last' });
  await fannedOut(net);
  assert.deepEqual((await net.take(id, 3)).data.toSorted(), [1, 2, undefined]);
});

test('a subscriber gets the types and subjects that it asked for, from when it asked, or with what the topic still holds', async (t) => {
  const net = await topicsTest(t);
  await net.grantTopic();
  await net.publish({ data: 'before' });
  const late = await net.subscribe({ types: 'person.', subject: 'kz/' });
  const early = await net.subscribe({ starts: 'earliest' });
  await net.publish(
    { subject: 'kz/7', data: 'both fit' },
    { subject: 'by/7', data: 'other subject' },
    { type: 'house.built', subject: 'kz/7', data: 'other type' },
    { type: 'personal', subject: 'kz/7', data: 'other word' },
  );
  await fannedOut(net);
  assert.deepEqual((await net.take(late.id, 1)).data, ['both fit']);
  assert.equal((await net.take(early.id, 5)).data.length, 5);
});

test('a topic holds its events for its time and no longer', async (t) => {
  const net = await topicsTest(t, { retentionSeconds: 60 });
  await net.grantTopic();
  await net.publish({ data: 'old' });
  net.advance(61_000);
  await net.publish({ data: 'new' });
  const { id } = await net.subscribe({ starts: 'earliest' });
  await fannedOut(net);
  assert.deepEqual((await net.take(id, 1)).data, ['new']);
  net.advance(2 * 86_400_000);
  await until('its content is deleted', async () => {
    const left = await net.kz.db.query('select 1 from messages_event where event is not null');
    return left.length === 0;
  });
});

test('events are held against the description of their topic', async (t) => {
  const schema = {
    $defs: { Place: { type: 'string', maxLength: 20 } },
    type: 'object',
    required: ['to'],
    properties: { to: { $ref: '#/$defs/Place' } },
  };
  const net = await topicsTest(t, { description: { format: 'json-schema', schema } });
  await net.publish({ data: { to: 'Almaty' } });
  const refused = (event: Parameters<typeof net.publish>[0]) =>
    assert.rejects(net.publish(event), (error) => isFailure(error, 'MESSAGES_EVENT'), JSON.stringify(event));
  await refused({ data: { to: 7 } });
  await refused({});
  await refused({ data_base64: 'AP8=' });
  const describe = (description: NonNullable<Parameters<typeof publishTopic>[3]['description']>) =>
    publishTopic(net.kz.ctx, RECEIVER, 'moves', { title: 'Moves', persons: ['none'], description });
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Moved' } } };
  await describe({
    format: 'openapi',
    schema: {
      openapi: '3.1.0',
      webhooks: { 'person.moved': { post: { requestBody: { content } } } },
      components: { schemas: { Moved: { type: 'array' } } },
    },
  });
  await net.publish({ data: [] });
  await refused({ data: {} });
  await refused({ type: 'person.born', data: [] });
  const twice = (ref: string) => ({ allOf: [{ $ref: ref }, { $ref: ref }] });
  const doubling = {
    $defs: Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`A${n}`, n === 19 ? {} : twice(`#/$defs/A${n + 1}`)]),
    ),
  };
  const unfit = [
    { $ref: 'https://elsewhere.example/schema' },
    { $ref: '#/nowhere' },
    { $defs: { A: { $ref: '#/$defs/A' } }, $ref: '#/$defs/A' },
    { type: 'string', pattern: '(a+)+$' },
    { ...doubling, $ref: '#/$defs/A0' },
  ];
  for (const bad of unfit)
    await assert.rejects(describe({ format: 'json-schema', schema: bad as never }), (error) =>
      isFailure(error, 'MESSAGES_TOPIC_SCHEMA'),
    );
  await assert.rejects(describe({ format: 'openapi', schema: { openapi: '3.1.0' } }), (error) =>
    isFailure(error, 'MESSAGES_TOPIC_SCHEMA'),
  );
});

test('what is no event of CloudEvents is refused before anything is stored', async (t) => {
  const net = await topicsTest(t);
  const refused = (code: string, event: Parameters<typeof net.publish>[0]) =>
    assert.rejects(net.publish(event), (error) => isFailure(error, code), code);
  await refused('MESSAGES_EVENT', { id: '' });
  await refused('MESSAGES_EVENT', { source: 'a b' });
  await refused('MESSAGES_EVENT', { data: 1, data_base64: 'AA==' });
  await refused('MESSAGES_EVENT', { datacontenttype: 'text/plain', data: {} });
  await refused('MESSAGES_TYPE', { type: '../x' });
  await refused('MESSAGES_KEY', { partitionkey: 'a b' });
  await refused('MESSAGES_TOO_LARGE', { data: 'x'.repeat(LIMITS.event.bytes) });
  assert.deepEqual(await net.kz.db.query('select 1 from messages_event'), []);
});

describe('a subscription', () => {
  test('that its system ends gets nothing more, and what waited is dropped', async (t) => {
    const net = await topicsTest(t);
    await net.grantTopic();
    const { id } = await net.subscribe();
    await net.publish({ data: 1 });
    await net.take(id, 1);
    assert.equal((await unsubscribe(net.by.ctx, SENDER, id)).status, 'ended');
    assert.equal((await unsubscribe(net.by.ctx, SENDER, id)).status, 'ended');
    await assert.rejects(pullEvents(net.by.ctx, SENDER, id, {}), (error) =>
      isFailure(error, 'MESSAGES_SUBSCRIPTION_OVER'),
    );
    await until('the topic’s node knows', async () => (await listSubscribers(net.kz.db))[0]?.status === 'ended');
    assert.deepEqual(await net.by.db.query('select 1 from messages_inbox where content is not null'), []);
  });

  test('that has expired gets nothing more, whatever the clock of either node says', async (t) => {
    const net = await topicsTest(t);
    await net.grantTopic();
    const { id } = await net.subscribe({ expiresInSeconds: 600 });
    await net.publish({ data: 1 });
    await net.take(id, 1);
    net.advance(601_000);
    await net.publish({ data: 2 });
    await until('its subscriber is told', async () => (await net.status(id)).status === 'expired');
    await assert.rejects(pullEvents(net.by.ctx, SENDER, id, {}), (error) =>
      isFailure(error, 'MESSAGES_SUBSCRIPTION_OVER'),
    );
    assert.deepEqual(await net.by.db.query('select 1 from messages_inbox where content is not null'), []);
  });

  test('is one however often it is asked for with its key', async (t) => {
    const net = await topicsTest(t);
    await net.grantTopic();
    const wanted = { topic: TOPIC, idempotencyKey: 'once' };
    const made = await Promise.all(Array.from({ length: 5 }, () => subscribe(net.by.ctx, SENDER, wanted)));
    assert.equal(new Set(made.map(({ subscription }) => subscription.id)).size, 1);
    assert.equal(made.filter(({ isNew }) => isNew).length, 1);
    await assert.rejects(subscribe(net.by.ctx, SENDER, { ...wanted, types: 'x' }), (error) =>
      isFailure(error, 'MESSAGES_KEY_REUSED'),
    );
  });
});

test('of what waits for a node that is away nothing arrives once the grant is revoked, and what is sent later is not held up', async (t) => {
  const net = await topicsTest(t);
  const grant = await net.grantTopic();
  const { id } = await net.subscribe();
  const other = await net.subscribe();
  await net.kz.db.query(`update messages_subscriber set subscriber = 'by.pension-fund/other' where id = $1`, [
    other.id,
  ]);
  await net.by.stop();
  // What another subscription, and what no subscription waits for, stays: also where it holds what PostgreSQL's jsonb does not.
  await net.publish({ subject: 'one', data: 1 }, { subject: 'one', data: `two \u0000 ${id}` });
  const sent = async (status: string) =>
    net.kz.db.query(`select 1 from exchange_sent where type = 'message/deliver' and status = $1`, [status]);
  await until('they are on their way', async () => (await sent('waiting')).length === 4);
  await net.kz.db.transaction((tx) =>
    endSubscriber(tx, net.kz.ctx, { topic: TOPIC_ADDRESS, id }, 'stopped', { code: 'ACCESS_DENIED' }),
  );
  assert.equal((await sent('voiding')).length, 2);
  await revokeGrant(net.kz.ctx, grant.id, 'over', 'kz.population');
  await until('all are stopped', async () =>
    (await listSubscribers(net.kz.db)).every(({ status }) => status === 'stopped'),
  );
  await net.publish({ subject: 'one', data: 3 });
  await net.start(net.by);
  await until('its subscriber is told', async () => (await net.status(id)).status === 'stopped');
  assert.deepEqual(await net.by.db.query('select 1 from messages_inbox'), []);
  await net.grantTopic();
  const again = await net.subscribe();
  await net.publish({ subject: 'one', data: 4 });
  assert.deepEqual((await net.take(again.id, 1)).data, [4]);
});
