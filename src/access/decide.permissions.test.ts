import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { decide, listAllowed } from './decide.ts';
import { whyDenied } from './denials.ts';
import { revokeGrant } from './grants.ts';
import { setGroup } from './groups.ts';
import { currentRules } from './rules.ts';
import { disableService, publishService } from './services.ts';
import { type AccessTest, accessTest, CALLER, SERVICE } from './testing.ts';

const call = (more: Partial<Parameters<typeof decide>[1]> = {}) => ({
  caller: CALLER,
  service: SERVICE,
  method: 'GET',
  rawPath: '/persons/7',
  ...more,
});

async function reasonOf(
  { ctx }: Pick<AccessTest, 'ctx'>,
  more: Partial<Parameters<typeof decide>[1]> = {},
): Promise<string> {
  const error = await decide(ctx, call(more)).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  assert.ok(isFailure(error, 'ACCESS_DENIED', 'ACCESS_QUOTA'), String(error));
  return (await whyDenied(ctx, String(error.params.denial), undefined)).reason;
}

test('without a grant nobody may call anything', async (t) => {
  const access = await accessTest(t);
  assert.equal(await reasonOf(access), 'no-grant');
});

test('a grant opens its methods and paths, and no other', async (t) => {
  const access = await accessTest(t);
  await access.grant({ method: 'GET', path: '/persons/*' });
  assert.equal((await decide(access.ctx, call())).path, '/persons/7');
  assert.equal((await decide(access.ctx, call({ rawPath: '/%70ersons/7' }))).path, '/persons/7');
  for (const more of [
    { method: 'POST' },
    { method: 'HEAD' },
    { rawPath: '/persons/7/children' },
    { rawPath: '/persons' },
    { rawPath: '' },
  ])
    assert.equal(await reasonOf(access, more), 'other-endpoint');
});

test('an ambiguous path is refused before any grant is looked at', async (t) => {
  const { ctx, grant } = await accessTest(t);
  await grant();
  for (const rawPath of ['/persons/..%2fsecret', '/persons/../secret', '/a//b', '/a%00'])
    await assert.rejects(decide(ctx, call({ rawPath })), (error) => isFailure(error, 'ACCESS_PATH'));
});

test('a grant to a system is not one to its agency, nor the other way about to another agency', async (t) => {
  const access = await accessTest(t);
  await access.grant({ subject: { kind: 'system', name: 'by.pension-fund/registry' } });
  await decide(access.ctx, call());
  assert.equal(await reasonOf(access, { caller: { ...CALLER, system: 'other' } }), 'no-grant');
  assert.equal(await reasonOf(access, { caller: { agency: 'ru.pension-fund', system: 'registry' } }), 'no-grant');
});

test('who leaves a group loses what the group was granted', async (t) => {
  const access = await accessTest(t);
  await access.grant({ subject: { kind: 'group', name: 'pension-funds' } });
  assert.equal(await reasonOf(access), 'no-grant');
  await setGroup(access.ctx, 'pension-funds', ['by.pension-fund'], 'operator');
  await decide(access.ctx, call());
  await setGroup(access.ctx, 'pension-funds', ['ru.pension-fund'], 'operator');
  assert.equal(await reasonOf(access), 'no-grant');
});

test('a grant that was revoked in one process is refused at once in another', async (t) => {
  const access = await accessTest(t);
  const { id } = await access.grant();
  await decide(access.other, call());
  await revokeGrant(access.ctx, id, 'the task is over', 'kz.population');
  assert.equal(await reasonOf({ ctx: access.other }), 'no-grant');
});

test('a grant ends with its day', async (t) => {
  const access = await accessTest(t);
  await access.grant({ expires: '2026-06-01T10:00:01.000Z' });
  await decide(access.ctx, call());
  access.clock.advance(1_000);
  assert.equal(await reasonOf(access), 'expired');
});

test('a purpose of an agreement that this state has not ratified cannot be granted', async (t) => {
  const { grant } = await accessTest(t);
  await assert.rejects(grant({ purpose: { agreement: 'pension', article: '12' } }), (error) =>
    isFailure(error, 'ACCESS_PURPOSE'),
  );
});

test('a service that does not exist is refused to a stranger as one that is not granted', async (t) => {
  const access = await accessTest(t);
  const missing = { service: { ...SERVICE, service: 'secrets' } };
  assert.equal(await reasonOf(access, missing), 'no-grant');
  await access.grant();
  await assert.rejects(decide(access.ctx, call(missing)), (error) => isFailure(error, 'ACCESS_SERVICE_UNKNOWN'));
});

test('that a service is disabled, and why, is told only to those who may call it', async (t) => {
  const access = await accessTest(t);
  await disableService(access.ctx, 'kz.population/register/life-events', 'moved', 'operator');
  assert.equal(await reasonOf(access), 'no-grant');
  await access.grant();
  await assert.rejects(
    decide(access.ctx, call()),
    (error) => isFailure(error, 'ACCESS_SERVICE_DISABLED') && error.params.notice === 'moved',
  );
});

test('a grant does not open what the OpenAPI document does not have', async (t) => {
  const access = await accessTest(t);
  const openapi = JSON.stringify({
    openapi: '3.1.0',
    servers: [{ url: 'https://inside.example/v1' }],
    paths: { '/persons/{id}': { get: {} } },
  });
  await publishService(access.ctx, {
    name: 'kz.population/register/life-events',
    url: 'http://127.0.0.1:9',
    openapi,
    persons: ['none'],
    by: 'operator',
  });
  await access.grant();
  await decide(access.ctx, call());
  assert.equal(await reasonOf(access, { rawPath: '/admin' }), 'no-endpoint');
  assert.deepEqual((await listAllowed(access.ctx, CALLER, SERVICE))[0]?.endpoints, [
    { method: 'GET', path: '/persons/*' },
  ]);
  assert.deepEqual(await listAllowed(access.ctx, { agency: 'ru.pension-fund', system: 'x' }, SERVICE), []);
});

test('why somebody was refused is told to him and to the owner, and to nobody else', async (t) => {
  const { ctx } = await accessTest(t);
  const error = await decide(ctx, call({ rawPath: '/persons/850101' })).catch((caught: unknown) => caught);
  assert.ok(isFailure(error, 'ACCESS_DENIED'));
  const id = String(error.params.denial);
  for (const reader of ['by.pension-fund', 'kz.population', undefined]) {
    const denial = await whyDenied(ctx, id, reader);
    assert.equal(denial.askAgency, 'kz.population');
    assert.doesNotMatch(JSON.stringify(denial), /850101/);
  }
  for (const reader of ['ru.pension-fund', 'by.pension', 'kz.portal'])
    await assert.rejects(whyDenied(ctx, id, reader), (caught) => isFailure(caught, 'ACCESS_DENIAL_UNKNOWN'));
});

test('refusals of one kind within a minute are one record, and what a caller thinks of is in none', async (t) => {
  const { ctx, clock } = await accessTest(t);
  const refused = async (service: string, agency = 'kz.population') => {
    const wanted = { caller: CALLER, service: { agency, system: 'register', service }, method: 'GET', rawPath: '/x' };
    const error = await decide(ctx, wanted).catch((caught: unknown) => caught);
    assert.ok(isFailure(error, 'ACCESS_DENIED'));
    return String(error.params.denial);
  };
  const first = await refused('850101300123');
  for (let turn = 0; turn < 20; turn++) assert.equal(await refused(`85010130${turn}`), first);
  assert.notEqual(await refused('life-events'), first);
  await refused('x', 'kz.850101300123');
  clock.advance(60_000);
  assert.notEqual(await refused('850101300123'), first);
  const rows = await ctx.db.query('select caller, service, method, reason from access_denial');
  assert.equal(rows.length, 4);
  assert.doesNotMatch(JSON.stringify(rows), /850101/);
});

test('a grant is revoked by the agency whose service it is for, and is not there for another', async (t) => {
  const { ctx, grant } = await accessTest(t);
  const { id } = await grant();
  await assert.rejects(revokeGrant(ctx, id, 'no more', 'kz.portal', 'kz.portal'), (error) =>
    isFailure(error, 'ACCESS_GRANT_UNKNOWN'),
  );
  assert.equal((await decide(ctx, call())).grant.id, id);
  await revokeGrant(ctx, id, 'no more', 'kz.population', 'kz.population');
  await assert.rejects(decide(ctx, call()), (error) => isFailure(error, 'ACCESS_DENIED'));
});

test('what another process revoked is refused to whoever asks after it, and to a call that came after it', async (t) => {
  const access = await accessTest(t);
  const { id } = await access.grant();
  const before = performance.now();
  await decide(access.ctx, call({ since: before }));
  await revokeGrant(access.other, id, 'the task is over', 'kz.population');
  const after = performance.now();
  assert.equal(await reasonOf(access, { since: after }), 'no-grant');
  assert.equal(await reasonOf(access), 'no-grant');
});

test('the rules are looked at once for a call, however long ago: a look that began after it came will do', async (t) => {
  const { ctx, grant } = await accessTest(t);
  await grant();
  const since = performance.now();
  await currentRules(ctx);
  const query = t.mock.method(ctx.db, 'query');
  await decide(ctx, call({ since }));
  await Promise.all([decide(ctx, call({ since })), decide(ctx, call({ since }))]);
  assert.equal(query.mock.callCount(), 0);
  await decide(ctx, call());
  assert.equal(query.mock.callCount(), 1);
});
