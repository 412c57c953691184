import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { publishService } from '../access/index.ts';
import { sequenceNow } from '../ledger/index.ts';
import { accessRecord, bindSubject, noticeHandler, receiveNotice } from '../persons/index.ts';
import type { Job, Json } from '../storage/index.ts';
import { serveXRoad } from './index.ts';
import { CLIENT, type DoorTest, doorTest, SERVICE } from './testing.ts';

const AIGERIM = 'KZ-T-000101';

/** A service that tells of persons, and somebody whom it tells of. */
async function told(
  t: TestContext,
  persons: readonly string[],
  answer: Json = { alive: true, born: 1990 },
): Promise<DoorTest> {
  const doors = await doorTest(t, { persons });
  await doors.kz.db.transaction((tx) => bindSubject(tx, doors.kz, { subject: 'aigerim', localId: AIGERIM }));
  doors.answer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer)),
  );
  return doors;
}

interface Asked {
  method?: 'GET' | 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: string;
}

async function ask(doors: DoorTest, path: string, { headers, ...more }: Asked = {}) {
  const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}${path}`, {
    headers: { 'x-road-client': CLIENT, 'x-road-userid': 'BY-OFFICER-7', ...headers },
    ...more,
  });
  const error = answer.headers['x-road-error'];
  return { status: answer.statusCode, text: await answer.body.text(), ...(error === undefined ? {} : { error }) };
}

const entriesOf = (doors: DoorTest, subject = 'aigerim') => accessRecord(doors.kz, subject);
const countOf = async (doors: DoorTest) => (await doors.kz.db.query('select 1 from access_entries')).length;

test('a call of another state about a person is one entry: who, from which system, what, why', async (t) => {
  const doors = await told(t, ['path:/persons/{person}/life-events']);
  await doors.grant();
  assert.equal((await ask(doors, `/persons/${AIGERIM}/life-events`)).status, 200);
  const [entry, ...more] = await entriesOf(doors);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [entry?.state, entry?.agency, entry?.service, entry?.caller, entry?.fields, entry?.purpose, entry?.ground],
    [
      'kz',
      'kz.population',
      'kz.population/register/life-events',
      { state: 'by', agency: 'by.pension-fund', system: 'registry', user: 'BY-OFFICER-7' },
      ['/alive', '/born'],
      'call',
      { kind: 'law', article: 'Law on the register, article 7' },
    ],
  );
});

test('each place of a call that may name a person makes her entry', async (t) => {
  const doors = await told(t, ['query:code', 'header:X-Person', 'body:/person/code']);
  await doors.grant();
  const json = { 'content-type': 'application/json' };
  await ask(doors, `?code=${AIGERIM}`);
  await ask(doors, '', { headers: { 'X-Person': AIGERIM } });
  await ask(doors, '', { method: 'POST', headers: json, body: JSON.stringify({ person: { code: AIGERIM } }) });
  assert.equal((await entriesOf(doors)).length, 3);
  assert.equal(doors.seen.at(-1)?.body.toString(), JSON.stringify({ person: { code: AIGERIM } }));
});

test('a call that names nobody does not reach the service, and neither does one that names two in one place', async (t) => {
  const doors = await told(t, ['query:code', 'body:/code']);
  await doors.grant();
  const json = { 'content-type': 'application/json' };
  for (const [path, asked] of [
    ['', {}],
    ['?code=', {}],
    [`?code=${AIGERIM}&x=1;code=2`, {}],
    ['', { method: 'POST', headers: json, body: `{"code":"${AIGERIM}","code":"KZ-T-000102"}` }],
    ['', { method: 'POST', headers: json, body: 'code=7' }],
  ] as [string, Asked][]) {
    assert.equal((await ask(doors, path, asked)).error, 'server.serverproxy.bad_request', path);
  }
  assert.deepEqual([doors.seen.length, await countOf(doors)], [0, 0]);
});

test('persons whom only the answer names have an entry each before it leaves; an answer that leaves one out does not leave', async (t) => {
  const answer: Json[] = [
    { code: AIGERIM, born: 1990 },
    { code: 'KZ-T-000102', born: 1991 },
  ];
  const doors = await told(t, ['answer:/*/code'], answer);
  await doors.grant({ fields: ['/*/born'] });
  const passed = await ask(doors, '?born=1990');
  assert.deepEqual(JSON.parse(passed.text), [{ born: 1990 }, { born: 1991 }]);
  const [one] = await entriesOf(doors);
  const [other] = await entriesOf(doors, 'resident/KZ-T-000102');
  assert.deepEqual([one?.fields, other?.fields], [['/*/born'], ['/*/born']]);
  answer.push({ born: 1992, secret: 'x' });
  const refused = await ask(doors, '?born=1990');
  assert.equal(refused.error, 'server.serverproxy.service_failed');
  assert.doesNotMatch(refused.text, /secret|199/);
  assert.equal(await countOf(doors), 2);
});

test('an answer that nobody can read for persons does not leave where it was to name them', async (t) => {
  const doors = await told(t, ['answer:/code']);
  await doors.grant();
  doors.answer((_, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('secret'));
  const text = await ask(doors, '');
  doors.answer((_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"code":1,"code":2,"x":"secret"}`),
  );
  const twice = await ask(doors, '');
  doors.answer((_, response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ code: 1, x: 'secret'.repeat(1_500_000) })),
  );
  const large = await ask(doors, '');
  for (const answer of [text, twice, large]) {
    assert.equal(answer.error, 'server.serverproxy.service_failed');
    assert.doesNotMatch(answer.text, /secret/);
  }
  doors.answer((_, response) => response.writeHead(404, { 'Content-Type': 'text/plain' }).end('secret'));
  assert.deepEqual(await ask(doors, ''), { status: 404, text: '' }, 'a refusal goes on, and says nothing of anybody');
  assert.equal(await countOf(doors), 0);
});

test('of a service that refuses, and of one that answers other than JSON, the entry says what there was', async (t) => {
  const doors = await told(t, ['path:/{person}']);
  await doors.grant();
  const types: [number, string, string[]][] = [
    [404, 'application/json', []],
    [200, 'application/pdf', ['*']],
    [200, 'application/json', ['*']],
  ];
  for (const [status, type] of types) {
    doors.answer((_, response) => response.writeHead(status, { 'Content-Type': type }).end('"words"'));
    assert.deepEqual(await ask(doors, `/${AIGERIM}`), { status, text: '"words"' });
  }
  await ask(doors, `/${AIGERIM}`, { method: 'HEAD' });
  const entries = await entriesOf(doors);
  const fields = entries.map((entry) => entry.fields.join()).toSorted();
  assert.deepEqual(fields, ['', '', '*', '*']);
});

test('a large answer about a person passes in a stream, whole, and its entry is written before', async (t) => {
  const doors = await told(t, ['path:/{person}']);
  await doors.grant();
  const content = JSON.stringify({ x: 'y'.repeat(9_000_000) });
  doors.answer((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(content));
  const passed = await ask(doors, `/${AIGERIM}`);
  assert.equal(passed.text === content, true);
  assert.deepEqual((await entriesOf(doors))[0]?.fields, ['*']);
});

test('the same call delivered twice is one entry, and two calls are two', async (t) => {
  const heads: Uint8Array[] = [];
  const doors = await doorTest(t, {
    persons: ['path:/{person}'],
    carry: (carry) => async (call) => {
      heads.push(call.head);
      return carry(call);
    },
  });
  await doors.grant();
  await ask(doors, `/${AIGERIM}`);
  const serve = serveXRoad(doors.kz);
  for (const id of ['a', 'b', 'a'])
    await serve({ id, from: 'by', mode: 'batch', head: heads[0] ?? Buffer.alloc(0), body: null });
  assert.deepEqual([doors.seen.length, await countOf(doors)], [4, 3]);
});

test('where the record cannot be written, nothing of the answer leaves', async (t) => {
  const doors = await told(t, ['path:/{person}'], { secret: 1 });
  await doors.grant();
  await doors.kz.db.query('alter table access_entries add constraint no check (false) not valid');
  const refused = await ask(doors, `/${AIGERIM}`);
  assert.equal(refused.error, 'server.serverproxy.internal_error');
  assert.doesNotMatch(refused.text, /secret/);
});

test('a service that was published before it had to say so is not called', async (t) => {
  const doors = await told(t, ['none']);
  await doors.grant();
  await doors.kz.db.query('update access_service set persons = null');
  await doors.kz.db.query('update access_version set version = version + 1');
  const refused = await ask(doors, `/${AIGERIM}`);
  assert.equal(refused.error, 'server.serverproxy.service_failed');
  assert.equal(doors.seen.length, 0);
});

test('a service that says that no call concerns a person leaves no entry', async (t) => {
  const doors = await told(t, ['none']);
  await doors.grant();
  assert.equal((await ask(doors, `/${AIGERIM}`)).status, 200);
  assert.equal(await countOf(doors), 0);
});

test('whom a register knows under the number and whose home asked before is told at home, with a proof', async (t) => {
  const doors = await told(t, ['query:number', 'query:code@by']);
  await doors.grant();
  await doors.kz.db.query(
    `insert into register_matches (subject, register, home, reference, matched_at) values ('KZT7', 'kz-pension', 'by', 'ref-7', now())`,
  );
  await ask(doors, '?number=kz-t-7');
  await ask(doors, '?code=BY-T-000201');
  await sequenceNow(doors.kz);
  const sent: { to: string; body: Json }[] = [];
  const handler = noticeHandler(doors.kz, async (_tx, to, body) => void sent.push({ to, body }));
  const jobs = await doors.kz.db.query<Job>(
    'select queue, key, payload, 9 as attempt from job where queue = $1 order by key',
    [handler.queue],
  );
  const complete = await handler.run(jobs);
  await doors.kz.db.transaction(async (tx) => complete?.(tx));
  assert.deepEqual(
    sent.map(({ to }) => to),
    ['by', 'by'],
  );
  const isOf = (reference: string) => sent.find(({ body }) => JSON.stringify(body).includes(reference))?.body ?? null;
  await doors.by.db.transaction(async (tx) => {
    await bindSubject(tx, doors.by, { subject: 'ihar', localId: 'BY-T-000201' });
    await receiveNotice(tx, doors.by, 'kz', isOf('BY-T-000201'), {
      findResident: async (_tx, number) => number,
      mayBeWithheld: () => false,
    });
  });
  const [entry] = await accessRecord(doors.by, 'ihar');
  assert.deepEqual([entry?.state, entry?.caller?.agency, entry?.proven], ['kz', 'by.pension-fund', true]);
  assert.ok(isOf('ref-7') !== null);
});

test('a call under an article that keeps it back is seen from its day on', async (t) => {
  const doors = await told(t, ['path:/{person}']);
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const asked: string[] = [];
  doors.kz.withheldUntil = ({ agreement, article }) => {
    asked.push(`${agreement} ${article}`);
    return until;
  };
  await doors.grant();
  await doors.kz.db.query(`update access_grant set purpose = '{"agreement":"supervision","article":"art-9"}'`);
  doors.kz.trust.ratified = () => ({}) as never;
  await doors.kz.db.query('update access_version set version = version + 1');
  assert.equal((await ask(doors, `/${AIGERIM}`)).status, 200);
  assert.deepEqual(asked, ['supervision art-9']);
  assert.deepEqual(await entriesOf(doors), []);
  const later = await accessRecord({ ...doors.kz, clock: { now: () => until } }, 'aigerim');
  assert.deepEqual(
    later.map(({ withheldUntil, purpose }) => [withheldUntil, purpose]),
    [[until, 'supervision.call']],
  );
});

test('a service is not published without a word on persons', async (t) => {
  const doors = await doorTest(t);
  const service = { name: 'kz.population/register/new', url: doors.serviceUrl, by: 'kz.population' };
  await assert.rejects(publishService(doors.kz, service), /ACCESS_PERSONS/);
  const openapi = 'openapi: 3.1.0\nx-commonway-persons: ["path:/p/{person}"]\npaths: {"/p/{id}": {get: {}}}';
  const published = await publishService(doors.kz, { ...service, openapi });
  assert.deepEqual(published.persons, ['path:/p/{person}']);
});
