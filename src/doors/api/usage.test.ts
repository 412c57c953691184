import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { addSystem } from '../../access/index.ts';
import { Problem } from '../../client/index.ts';
import { type AccessContent, type NewAccess, recordAccess, setUsageConsumer } from '../../persons/index.ts';
import { importCsv, loadRegisters } from '../../registers/index.ts';
import { apiTest, askApi, ownCertificate } from './testing.ts';

const GROUND = 'Law on personal data, article 24';
const LATER = '2100-01-01T00:00:00.000Z';
const NUMBER = 'KZ-T-000101';
const USE: NewAccess = {
  subject: { resident: NUMBER },
  agency: 'kz.population',
  fields: ['/months'],
  purpose: 'call',
  ground: { kind: 'law', article: 'Law on the register, article 7' },
};

/** Kazakhstan's node with the people of its population register, and a portal that its operator may let read. */
async function usageTest(t: TestContext) {
  const net = await apiTest(t, { stopped: true });
  const { ctx } = net.kz;
  const registers = loadRegisters(join(process.cwd(), 'registers'), 'kz');
  const source = readFileSync(join(process.cwd(), 'seeds/kz/population.csv'), 'utf8')
    .split('\n')
    .slice(0, 3)
    .join('\n');
  await importCsv({ ...ctx, registers }, { register: 'kz.population', agency: 'kz.population', source });
  const portal = ownCertificate('portal');
  await addSystem(ctx, { name: 'kz.population/portal', certificates: [portal.pem], by: 'operator' });
  const allow = (until = LATER) =>
    setUsageConsumer(ctx, 'kz.population/portal', { ground: GROUND, until, by: 'operator' });
  const ask = async (query = '', number = NUMBER, as = portal) => {
    const { status, body } = await askApi(net, 'kz', as, {
      method: 'GET',
      path: `/findUsage${query}`,
      headers: { 'x-road-userid': number },
    });
    return { status, code: body.code, uses: (body.findUsageResponses ?? []) as { [name: string]: unknown }[] };
  };
  const use = (more: Partial<NewAccess> = {}) => ctx.db.transaction((tx) => recordAccess(tx, ctx, { ...USE, ...more }));
  const entries = async () =>
    (await ctx.db.query<{ content: AccessContent }>('select content from access_entries order by at, id')).map(
      (row) => row.content,
    );
  return { net, ctx, portal, allow, ask, use, entries };
}

test('a portal that the operator lets read gets who, when, why and which fields, and that it asked is a use as well', async (t) => {
  const { allow, ask, use, entries } = await usageTest(t);
  await allow();
  const caller = { state: 'by', agency: 'by.pension-fund', system: 'registry', user: 'BY-OFFICER-1' };
  const id = await use({ caller, service: 'kz.population/register/life-events' });
  const { status, uses } = await ask();
  assert.equal(status, 200);
  const [known, ...others] = uses;
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...known, logtime: '' },
    {
      logtime: '',
      action: 'call: Law on the register, article 7',
      sender: 'kz.population',
      receiver: 'by.pension-fund',
      id,
      purpose: 'call',
      ground: 'Law on the register, article 7',
      fields: ['/months'],
      service: 'kz.population/register/life-events',
      user: 'BY-OFFICER-1',
    },
  );
  const asked = (await entries()).filter(({ purpose }) => purpose === 'usage');
  assert.deepEqual(
    asked.map(({ agency, fields, ground }) => [agency, fields, ground.article]),
    [['kz.population', ['access-record'], GROUND]],
  );
  assert.deepEqual(
    (await ask()).uses.map(({ purpose }) => purpose),
    ['usage', 'call'],
    'which the next asking shows',
  );
});

test('a long record is read page by page, the first entry being the first', async (t) => {
  const { allow, ask, use } = await usageTest(t);
  await allow();
  const ids: string[] = [];
  // Uses of one millisecond stand in no order: each has one of its own.
  for (let n = 0; n < 5; n++) {
    ids.unshift(await use());
    await pause(2);
  }
  const page = async (query: string) => {
    const { uses } = await ask(query);
    await pause(2);
    return uses.map(({ id }) => id);
  };
  assert.deepEqual(await page('?limit=2'), ids.slice(0, 2));
  // One more each time: the asking itself.
  assert.deepEqual(await page('?offset=2&limit=2'), ids.slice(0, 2));
  assert.deepEqual(await page('?offset=7&limit=9'), ids.slice(4));
});

test('a use that an agreement lets be kept back is kept back here until its day', async (t) => {
  const { allow, ask, use, ctx } = await usageTest(t);
  await allow();
  await use({ withheldUntil: LATER });
  assert.deepEqual((await ask()).uses, []);
  await ctx.db.query(`update access_entries set withheld_until = '2000-01-01' where withheld_until is not null`);
  assert.equal((await ask()).uses.length, 2);
});

test('nobody may ask before the operator says so, nor after, nor for another system; and nothing is recorded then', async (t) => {
  const { net, allow, ask, use, ctx, entries } = await usageTest(t);
  await use();
  const refused = async (...asked: Parameters<typeof ask>) => {
    const { status, code, uses } = await ask(...asked);
    assert.deepEqual([status, code, uses], [403, 'PERSONS_USAGE_OFF', []]);
  };
  await refused();
  // Nor is he told whether somebody has a number.
  await refused('', 'KZ-T-999999');
  await allow();
  assert.equal((await ask()).status, 200);
  // An administrator of the agency's is another system.
  await refused('', NUMBER, net.certificates.kz);
  await setUsageConsumer(ctx, 'kz.population/portal', { stopped: true, by: 'operator' });
  await refused();
  await allow(new Date(Date.now() + 3_600_000).toISOString());
  assert.equal((await ask()).status, 200);
  net.advance(3_601_000);
  await refused();
  assert.equal((await entries()).length, 3);
  await assert.rejects(allow('2020-01-01T00:00:00.000Z'), { code: 'PERSONS_USAGE_CONSUMER' });
});

test('of a number that nobody has there is nothing, and nothing is recorded; another spelling is the same person', async (t) => {
  const { allow, ask, use, entries } = await usageTest(t);
  await allow();
  assert.deepEqual((await ask('', 'KZ-T-999999')).uses, []);
  assert.deepEqual(await entries(), []);
  await use();
  assert.equal((await ask('', 'kz-t-000101')).uses.length, 1);
  assert.equal((await ask('', '../x')).status, 400);
});

test('the client asks for it, and is told why not', async (t) => {
  const { net, portal, allow, use } = await usageTest(t);
  const client = net.client('kz', portal);
  await assert.rejects(
    client.findUsage(NUMBER),
    (error) => error instanceof Problem && error.code === 'PERSONS_USAGE_OFF',
  );
  await allow();
  await use();
  assert.equal((await client.findUsage(NUMBER, { limit: 1 })).length, 1);
});
