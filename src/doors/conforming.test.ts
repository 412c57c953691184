import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { type Conformance, disableService, publishService } from '../access/index.ts';
import { readMeasures } from '../measures/index.ts';
import { isFailure } from '../storage/index.ts';
import { CLIENT, type DoorTest, doorTest, SERVICE } from './testing.ts';

const NAME = 'kz.population/register/life-events';
const OPENAPI = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Life events', version: '1' },
  paths: {
    '/events': {
      get: {
        parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer', maximum: 10 } }],
        responses: { 200: { $ref: '#/components/responses/events' } },
      },
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/event' } } },
        },
        responses: { 200: { $ref: '#/components/responses/events' } },
      },
    },
  },
  components: {
    schemas: {
      event: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{4}$' } },
      },
      events: { type: 'array', items: { $ref: '#/components/schemas/event' } },
    },
    responses: {
      events: { description: '', content: { 'application/json': { schema: { $ref: '#/components/schemas/events' } } } },
    },
  },
});

const publish = (doors: DoorTest, conformance: Conformance, openapi = OPENAPI) =>
  publishService(doors.kz, {
    name: NAME,
    url: doors.serviceUrl,
    persons: ['none'],
    openapi,
    conformance,
    by: 'kz.population',
  });

async function held(t: TestContext, conformance: Conformance, answer: unknown = [{ code: 'KZ-0001' }]) {
  const doors = await doorTest(t);
  await publish(doors, conformance);
  await doors.grant();
  doors.answer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer)),
  );
  const ask = async (path: string, more: { body?: string; type?: string; headers?: Record<string, string> } = {}) => {
    const { body, type = 'application/json', headers } = more;
    const answered = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-road-client': CLIENT, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      body: body ?? null,
    });
    return { error: answered.headers['x-road-error'], text: await answered.body.text() };
  };
  return { doors, ask };
}

const BOTH: Conformance = { requests: 'refuse', answers: 'refuse' };

test('a request that is not as the document says is refused before the service sees it, without a word of what it said', async (t) => {
  const { doors, ask } = await held(t, BOTH);
  assert.equal((await ask('/events', { body: '{"code":"KZ-0001"}' })).error, undefined);
  assert.equal((await ask('/events?limit=5')).error, undefined);
  const seen = doors.seen.length;
  const secret = 'KZ-T-000101';
  for (const [path, more, place] of [
    ['/events', { body: `{"code":"${secret}"}` }, 'body /code (pattern)'],
    ['/events', { body: `{"${secret}":1}` }, 'body / (required)'],
    ['/events', { body: `{"code":"KZ-0001","code":"${secret}"}` }, 'body (json)'],
    ['/events', { body: secret }, 'body (json)'],
    ['/events', { body: '' }, 'body (required)'],
    ['/events', { body: secret, type: 'text/plain' }, 'body content-type (undescribed)'],
    [`/events?limit=${secret}`, {}, 'query limit (schema)'],
  ] as const) {
    const { error, text } = await ask(path, more);
    assert.equal(error, 'server.serverproxy.bad_request', place);
    assert.ok(text.includes(place), `${place}: ${text}`);
    assert.ok(!text.includes(secret), text);
  }
  const large = JSON.stringify({ code: 'KZ-0001', more: 'x'.repeat(1024 * 1024) });
  assert.match((await ask('/events', { body: large })).text, /larger than 1048576 bytes or encoded/);
  const encoded = await ask('/events', { body: '{"code":"KZ-0001"}', headers: { 'content-encoding': 'gzip' } });
  assert.match(encoded.text, /or encoded/);
  assert.equal(doors.seen.length, seen);
});

test('an answer that is not as the document says does not leave the node', async (t) => {
  const secret = 'KZ-T-000101';
  const { doors, ask } = await held(t, BOTH, [{ code: 'KZ-0001' }, { code: secret }]);
  const refused = await ask('/events');
  assert.equal(refused.error, 'server.serverproxy.service_failed');
  assert.match(refused.text, /answer \/\*\/code \(pattern\)/);
  assert.ok(!refused.text.includes(secret));
  doors.answer((_, response) => response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}'));
  assert.match((await ask('/events')).text, /status \(undescribed\)/);
  doors.answer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`["${'x'.repeat(1024 * 1024)}"]`),
  );
  assert.match((await ask('/events')).text, /larger than 1048576 bytes/);
});

test('what is only reported goes on as it is, however large, and is counted by service and direction', async (t) => {
  const counted = () =>
    readMeasures()
      .filter(({ name }) => name === 'calls_nonconforming')
      .flatMap(({ samples }) => samples)
      .filter(({ labels }) => labels.outcome === 'reported')
      .map(({ labels, value }) => `${labels.service} ${labels.direction} ${labels.why} ${value}`);
  const { doors, ask } = await held(t, { requests: 'report', answers: 'report' }, [{ code: 7 }]);
  const large = JSON.stringify({ code: 'no', more: 'x'.repeat(2 * 1024 * 1024) });
  assert.deepEqual(await ask('/events', { body: large }), { error: undefined, text: '[{"code":7}]' });
  assert.equal(doors.seen.at(-1)?.body.toString(), large);
  await ask('/events', { body: '{}' });
  assert.deepEqual(counted().sort(), [
    `${NAME} answer nonconforming 2`,
    `${NAME} request nonconforming 1`,
    `${NAME} request unchecked 1`,
  ]);
});

test('a service that asked for nothing is not read, and a new version is held against its own document', async (t) => {
  const { doors, ask } = await held(t, { requests: 'off', answers: 'off' }, { whatever: true });
  assert.equal((await ask('/events', { body: 'not json' })).error, undefined);
  await publish(doors, BOTH);
  assert.equal((await ask('/events', { body: 'not json' })).error, 'server.serverproxy.bad_request');
  const other = OPENAPI.replace('"required":["code"]', '"required":["id"]');
  await publish(doors, { requests: 'refuse', answers: 'off' }, other);
  assert.match((await ask('/events', { body: '{"code":"KZ-0001"}' })).text, /body \/ \(required\)/);
  assert.equal((await ask('/events', { body: '{"id":1}' })).error, undefined);
  await disableService(doors.kz, NAME, 'later', 'kz.population');
  assert.equal((await ask('/events', { body: '{}' })).error, 'server.serverproxy.service_disabled');
});

test('a service without a document, or with one that could take for ever, is not published', async (t) => {
  const doors = await doorTest(t);
  const service = { name: NAME, url: doors.serviceUrl, persons: ['none'], conformance: BOTH, by: 'kz.population' };
  await assert.rejects(publishService(doors.kz, service), (error) => isFailure(error, 'ACCESS_CONFORMANCE'));
  const hostile = OPENAPI.replace('^[A-Z]{2}-[0-9]{4}$', '^([A-Z]+)+$');
  await assert.rejects(publish(doors, BOTH, hostile), (error) => isFailure(error, 'ACCESS_OPENAPI'));
  await publish(doors, { requests: 'off', answers: 'off' }, hostile);
});
