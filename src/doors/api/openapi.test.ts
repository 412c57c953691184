import assert from 'node:assert/strict';
import { request } from 'node:https';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { until } from '../../exchange/testing.ts';
import { ADDRESS } from '../../messages/testing.ts';
import { setUsageConsumer } from '../../persons/index.ts';
import { collect } from '../testing.ts';
import { openApiDocument, operations } from './door.ts';
import { type ApiTest, apiTest } from './testing.ts';

type Schema = { [key: string]: unknown };
interface DescribedOperation {
  operationId: string;
  security?: unknown;
  parameters?: { name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { headers: Record<string, { schema: Schema }>; content: Record<string, { schema: Schema }> }
  >;
}

const document = JSON.parse(JSON.stringify(openApiDocument)) as {
  openapi: string;
  security: unknown[];
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
};
const described = Object.values(document.paths).flatMap((path) => Object.values(path));

const ajv = new Ajv2020({ allErrors: true, strict: false });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'document', components: document.components });
const validator = (schema: Schema) =>
  ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components')) as Schema);

interface Asked {
  status: number;
  body: Record<string, unknown>;
}

/** Calls an operation over mutual TLS and holds whatever comes back against the document. */
async function callAs(
  net: ApiTest,
  state: 'by' | 'kz',
  called: Set<string>,
  id: string,
  given: Given = {},
): Promise<Asked> {
  const operation = operations.find((one) => one.id === id);
  const description = described.find((one) => one.operationId === id);
  assert.ok(operation && description, id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ''));
  const query = new URLSearchParams(given.query ?? {}).toString();
  const { pem, key } = net.certificates[state];
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: net.ports[state],
      path: `/api/v1${path}${query === '' ? '' : `?${query}`}`,
      method: operation.method,
      cert: pem,
      key,
      rejectUnauthorized: false,
      agent: false,
      headers: {
        ...(given.body !== undefined && {
          'content-type': Object.keys(operation.media ?? { 'application/json': 1 })[0],
        }),
        ...given.headers,
      },
    });
    asked.once('response', resolve).once('error', reject);
    asked.end(given.body === undefined ? undefined : JSON.stringify(given.body));
  });
  const status = response.statusCode ?? 0;
  const body = JSON.parse((await collect(response)).toString()) as Record<string, unknown>;
  const answer = description.responses[String(status)];
  assert.ok(answer, `${id} answers ${status}, which its description does not know: ${JSON.stringify(body)}`);
  const content = answer.content[String(response.headers['content-type'])];
  assert.ok(content, `${id} ${status}: ${response.headers['content-type']}`);
  const validate = validator(content.schema);
  assert.ok(validate(body), `${id} ${status}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(body)}`);
  for (const [name, { schema }] of Object.entries(answer.headers)) {
    const value = response.headers[name.toLowerCase()];
    const typed = schema.type === 'integer' ? Number(value) : value;
    assert.ok(validator(schema)(typed), `${id} ${status}: ${name}: ${value}`);
  }
  if (status < 300) called.add(id);
  return { status, body };
}

interface Given {
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
}

test('every operation of the document is there, and answers what the document says, to good questions and to bad ones', async (t) => {
  const net = await apiTest(t);
  const called = new Set<string>();
  const by = (id: string, given?: Given) => callAs(net, 'by', called, id, given);
  const kz = (id: string, given?: Given) => callAs(net, 'kz', called, id, given);
  const claims = { channel: 'claims' };
  const statuses: [string, number][] = [];
  const expect = async (status: number, asked: Promise<Asked>): Promise<Record<string, unknown>> => {
    const { status: got, body } = await asked;
    assert.equal(got, status, JSON.stringify(body));
    statuses.push([String(body.code ?? ''), got]);
    return body;
  };

  assert.equal((await expect(200, kz('openChannel', { path: claims, body: { persons: ['none'] } }))).address, ADDRESS);
  await expect(422, kz('openChannel', { path: claims, body: { persons: ['path:/{person}'] } }));
  await expect(400, kz('openChannel', { path: claims, body: {} }));
  await net.grant();
  const message = { channel: ADDRESS, type: 'claim.filed', key: 'k', data: { a: [1, null, 'x'] } };
  const send = (key: string, body: unknown = message) =>
    by('sendMessage', { headers: { 'Idempotency-Key': key }, body });
  const { id } = await expect(201, send('one'));
  await expect(200, send('one'));
  await expect(409, send('one', { ...message, data: 2 }));
  await expect(400, send('two', { ...message, colour: 'red' }));
  await expect(422, send('two', { ...message, channel: 'kz.nobody/a/b' }));
  await expect(201, send('bytes', { ...message, data: undefined, dataBase64: 'AP8=', contentType: 'image/png' }));
  const { id: denied } = await expect(201, send('denied', { ...message, channel: 'kz.pension-fund/registry/other' }));
  await until('both are there', async () => (await net.count()) === 2);
  await until('one is refused', async () => (await net.sender.message(String(denied))).status === 'refused');

  await expect(200, by('getMessage', { path: { id: String(denied) } }));
  await expect(404, by('getMessage', { path: { id: '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d' } }));
  await expect(400, by('getMessage', { path: { id: 'x' } }));
  await expect(200, by('listMessages', { query: { status: 'refused', limit: '5' } }));
  await expect(400, by('listMessages', { query: { limit: '0' } }));
  await expect(409, by('resendMessage', { path: { id: String(id) } }));
  await expect(200, by('resendMessage', { path: { id: String(denied) } }));

  const lease = await expect(200, kz('pullMessages', { path: claims, body: { max: 10, waitSeconds: 1 } }));
  const messages = lease.messages as { id: string }[];
  assert.equal(messages.length, 2);
  await expect(404, kz('pullMessages', { path: { channel: 'nothing' }, body: {} }));
  await expect(400, kz('pullMessages', { path: claims, body: { leaseSeconds: 100_000 } }));
  const outcomes = { acknowledged: [messages[0]?.id], rejected: [{ id: messages[1]?.id, reason: 'BUSY' }] };
  const settle = { path: { ...claims, lease: String(lease.lease) }, body: outcomes };
  assert.deepEqual((await expect(200, kz('settleMessages', settle))).lost, []);
  await expect(404, kz('settleMessages', { ...settle, path: { ...settle.path, channel: 'nothing' } }));
  assert.equal(((await expect(200, kz('listChannels'))).channels as unknown[]).length, 1);

  const moves = { topic: 'moves' };
  const address = 'kz.population/register/moves';
  const description = { format: 'json-schema', schema: { type: 'object' } };
  const topic = { title: 'Moves', persons: ['none'], description };
  assert.equal((await expect(200, kz('publishTopic', { path: moves, body: topic }))).topic, address);
  await expect(409, kz('publishTopic', { path: { topic: 'claims' }, body: topic }));
  await expect(400, kz('publishTopic', { path: moves, body: { ...topic, title: ' ' } }));
  await expect(
    422,
    kz('publishTopic', { path: moves, body: { ...topic, description: { ...description, schema: { $ref: 'x' } } } }),
  );
  assert.equal(((await expect(200, kz('listTopics'))).topics as unknown[]).length, 1);
  await net.grant({ service: address, method: 'SUBSCRIBE' });
  const subscribe = (key: string, body: unknown = { topic: address }) =>
    by('subscribe', { headers: { 'Idempotency-Key': key }, body });
  const subscription = { subscription: String((await expect(201, subscribe('one'))).id) };
  await expect(200, subscribe('one'));
  const webhook = { url: 'https://192.0.2.1/events' };
  const pushed = await expect(201, subscribe('pushed', { topic: address, webhook }));
  await expect(422, subscribe('certified', { topic: address, webhook: { ...webhook, certificate: 'none' } }));
  await expect(400, subscribe('plain', { topic: address, webhook: { url: 'http://192.0.2.1/' } }));
  await until(
    'it was tried',
    async () => (await net.sender.subscription(String(pushed.id))).webhook?.failure === 'PRIVATE_ADDRESS',
  );
  await expect(409, by('pullEvents', { path: { subscription: String(pushed.id) }, body: {} }));
  await expect(200, by('unsubscribe', { path: { subscription: String(pushed.id) } }));
  assert.equal(((await expect(200, by('listWebhookKeys'))).keys as unknown[]).length, 1);
  await expect(409, subscribe('one', { topic: address, types: 'x' }));
  await expect(422, subscribe('two', { topic: 'kz.nobody/a/b' }));
  const unheard = await expect(201, subscribe('three', { topic: 'kz.pension-fund/registry/other' }));
  await until(
    'one is in force',
    async () => (await net.sender.subscription(subscription.subscription)).status === 'active',
  );
  await until('one is refused', async () => (await net.sender.subscription(String(unheard.id))).status === 'refused');
  await expect(200, by('getSubscription', { path: { subscription: String(unheard.id) } }));
  await expect(404, by('getSubscription', { path: { subscription: String(id) } }));
  assert.equal(((await expect(200, by('listSubscriptions'))).subscriptions as unknown[]).length, 3);
  const event = { specversion: '1.0', id: '1', source: '/register', type: 'person.moved', data: { to: 'Almaty' } };
  const publish = (body: unknown, type = 'application/cloudevents+json') =>
    kz('publishEvents', { path: moves, body, headers: { 'content-type': type } });
  await expect(201, publish(event));
  await expect(200, publish([event], 'application/cloudevents-batch+json'));
  await expect(409, publish({ ...event, data: {} }));
  await expect(422, publish({ ...event, id: '2', data: 7 }));
  await expect(400, publish([event]));
  await expect(400, publish({ ...event, colour: 'red' }));
  await expect(415, publish(event, 'application/json'));
  await expect(404, kz('publishEvents', { path: { topic: 'nothing' }, body: event }));
  const taken = await expect(200, by('pullEvents', { path: subscription, body: { waitSeconds: 10 } }));
  const [handed] = taken.events as { message: string; event: { data: unknown } }[];
  assert.deepEqual(handed?.event.data, event.data);
  const dead = { ...subscription, message: handed?.message ?? '' };
  await expect(404, by('resendEvent', { path: dead }));
  await net.by.db.query(`update messages_inbox set status = 'dead' where id = $1`, [handed?.message]);
  const isDead = (await expect(200, by('listDeadEvents', { path: subscription }))).events as { message: string }[];
  assert.deepEqual(
    isDead.map(({ message }) => message),
    [handed?.message],
  );
  assert.deepEqual((await expect(200, by('resendEvent', { path: dead }))).events, []);
  await expect(404, by('listDeadEvents', { path: { subscription: String(id) } }));
  await net.by.db.query(`update messages_inbox set status = 'leased' where id = $1`, [handed?.message]);
  const settled = { path: { ...subscription, lease: String(taken.lease) }, body: { acknowledged: [handed?.message] } };
  assert.deepEqual((await expect(200, by('settleEvents', settled))).acknowledged, [handed?.message]);
  assert.equal((await expect(200, by('unsubscribe', { path: subscription }))).status, 'ended');
  await expect(409, by('pullEvents', { path: subscription, body: {} }));
  await expect(404, by('unsubscribe', { path: { subscription: String(id) } }));
  const { reason: refusal } = await net.sender.subscription(String(unheard.id));
  const whyRefused = await expect(200, by('whyDenied', { path: { id: refusal?.denial ?? '' } }));
  assert.deepEqual([whyRefused.service, whyRefused.method], ['kz.pension-fund/registry/other', 'SUBSCRIBE']);

  const people = { system: 'register', service: 'people' };
  const openapi = JSON.stringify({
    openapi: '3.1.0',
    'x-commonway-persons': ['path:/people/{person}'],
    paths: { '/people/{id}': { get: {} } },
  });
  const published = await expect(
    200,
    kz('publishService', { path: people, body: { address: 'http://10.0.0.7/api', openapi } }),
  );
  assert.deepEqual(published.endpoints, [{ method: 'GET', path: '/people/*' }]);
  await expect(422, kz('publishService', { path: people, body: { address: 'http://127.0.0.1/', openapi } }));
  await expect(
    409,
    kz('publishService', { path: { ...people, service: 'claims' }, body: { address: 'http://10.0.0.7/', openapi } }),
  );
  await expect(403, by('publishService', { path: people, body: { address: 'http://10.0.0.7/api', openapi } }));
  const subject = { kind: 'system', name: 'by.pension-fund/registry' };
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  const grant = { subject, service: 'kz.population/register/people', purpose: { ground: 'Law, article 7' }, expires };
  const given = await expect(201, kz('addGrant', { body: { ...grant, quota: { calls: 5, windowSeconds: 60 } } }));
  await expect(404, kz('addGrant', { body: { ...grant, service: 'kz.population/register/nothing' } }));
  await expect(403, kz('addGrant', { body: { ...grant, service: 'kz.pension-fund/register/people' } }));
  await expect(422, kz('addGrant', { body: { ...grant, expires: '2020-01-01T00:00:00.000Z' } }));
  const allowed = await expect(200, by('listAllowed', { query: { system: 'kz.population/register' } }));
  assert.deepEqual(
    (allowed.services as { service: string }[]).map(({ service }) => service),
    ['kz.population/register/claims', 'kz.population/register/moves', 'kz.population/register/people'],
  );
  await expect(200, kz('listAllowed', { query: { system: 'kz.population/register' } }));
  assert.equal(((await expect(200, kz('listGrants'))).grants as unknown[]).length, 3);
  const revoke = { path: { id: String(given.id) }, body: { ground: 'over' } };
  assert.notEqual((await expect(200, kz('revokeGrant', revoke))).revokedAt, null);
  await expect(404, kz('revokeGrant', revoke));
  const { reason } = await net.sender.message(String(denied));
  const why = await expect(200, by('whyDenied', { path: { id: reason?.denial ?? '' } }));
  assert.deepEqual([why.service, why.askAgency], ['kz.pension-fund/registry/other', 'kz.pension-fund']);
  await expect(404, kz('whyDenied', { path: { id: reason?.denial ?? '' } }));
  await expect(404, kz('whyDenied', { path: { id: String(given.id) } }));

  const whose = { headers: { 'X-Road-UserId': 'KZ-T-000101' } };
  await expect(403, kz('findUsage', whose));
  const consumer = { ground: 'Law, article 24', until: '2100-01-01T00:00:00.000Z', by: 'operator' };
  await setUsageConsumer(net.kz.ctx, 'kz.population/register', consumer);
  assert.deepEqual(
    (await expect(200, kz('findUsage', { ...whose, query: { offset: '1', limit: '10' } }))).findUsageResponses,
    [],
  );
  await expect(400, kz('findUsage', { ...whose, query: { limit: '1001' } }));
  await expect(400, kz('findUsage'));

  assert.deepEqual(
    operations.map((one) => one.id).filter((one) => !called.has(one)),
    [],
    'an operation that this test does not call is not known to work',
  );
});

test('the document is served to anybody who speaks TLS, and is the same on both nodes', async (t) => {
  const net = await apiTest(t, { stopped: true });
  const read = (state: 'by' | 'kz') =>
    new Promise<string>((resolve, reject) => {
      const where = { host: '127.0.0.1', port: net.ports[state], path: '/api/openapi.json', agent: false };
      request({ ...where, rejectUnauthorized: false })
        .once('response', (response) => void collect(response).then((bytes) => resolve(bytes.toString()), reject))
        .once('error', reject)
        .end();
    });
  const served = await read('by');
  assert.deepEqual(JSON.parse(served), document);
  assert.equal(served, await read('kz'));
});

/** What the OWASP API security ruleset asks for, as far as it is about what callers can do. */
describe('the document', () => {
  const each = (check: (operation: DescribedOperation) => void) => {
    assert.ok(described.length > 5);
    for (const operation of described) check(operation);
  };
  /** Every schema of requests, parameters and answers, with those inside it. */
  function* schemas(): Generator<{ where: string; schema: Schema }> {
    function* inside(where: string, schema: Schema): Generator<{ where: string; schema: Schema }> {
      yield { where, schema };
      for (const [name, below] of Object.entries((schema.properties ?? {}) as Record<string, Schema>))
        yield* inside(`${where}.${name}`, below);
      for (const key of ['items', 'additionalProperties'])
        if (typeof schema[key] === 'object') yield* inside(`${where}.${key}`, schema[key] as Schema);
      for (const key of ['anyOf', 'oneOf', 'allOf'])
        for (const below of (schema[key] ?? []) as Schema[]) yield* inside(where, below);
    }
    for (const { operationId, parameters = [], requestBody, responses } of described) {
      for (const { name, schema } of parameters) yield* inside(`${operationId}.${name}`, schema);
      for (const { schema } of Object.values(requestBody?.content ?? {})) yield* inside(`${operationId} body`, schema);
      for (const [status, { content }] of Object.entries(responses))
        for (const { schema } of Object.values(content)) yield* inside(`${operationId} ${status}`, schema);
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) yield* inside(name, schema);
  }

  test('is of OpenAPI 3.1 and gives each operation a name of its own', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(new Set(described.map(({ operationId }) => operationId)).size, operations.length);
  });

  test('lets no operation be called without a certificate', () => {
    assert.deepEqual(document.security, [{ certificate: [] }]);
    each(({ security, operationId }) => assert.equal(security, undefined, operationId));
  });

  test('says of each operation how it refuses: unknown callers, wrong forms, limits, its own failure', () => {
    each(({ operationId, responses }) => {
      for (const status of ['400', '401', '429', '500'])
        assert.ok(responses[status]?.content['application/problem+json'], `${operationId} ${status}`);
      assert.ok(responses['429']?.headers['Retry-After'], operationId);
      for (const { headers } of Object.values(responses)) assert.ok(headers.RateLimit, operationId);
    });
  });

  test('bounds every text, number, list and object', () => {
    let seen = 0;
    for (const { where, schema } of schemas()) {
      seen++;
      const has = (...keys: string[]) => keys.every((key) => schema[key] !== undefined);
      if (schema.enum !== undefined || schema.const !== undefined) continue;
      if (schema.type === 'string') {
        assert.ok(has('maxLength'), `${where} has no length`);
        assert.ok(has('pattern') || has('format'), `${where} takes any text`);
      } else if (schema.type === 'integer') assert.ok(has('minimum', 'maximum', 'format'), `${where} has no bounds`);
      else if (schema.type === 'array') assert.ok(has('maxItems'), `${where} has no length`);
      else if (schema.type === 'object') assert.equal(schema.additionalProperties, false, `${where} is open`);
      else assert.notEqual(schema.type, 'number', where);
    }
    assert.ok(seen > 100);
  });

  test('names things by random ids, not by numbers that can be counted through', () => {
    each(({ operationId, parameters = [] }) => {
      for (const { name, schema } of parameters)
        if (name === 'id' || name.endsWith('Id')) assert.equal(schema.type, 'string', operationId);
    });
  });
});
