import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSystem, removeSystem } from '../../access/index.ts';
import { Problem } from '../../client/index.ts';
import { until } from '../../exchange/testing.ts';
import { requestRate } from './rate.ts';
import { apiTest, askApi, ownCertificate } from './testing.ts';

const refusedAs = (status: number, code: string) => (error: unknown) =>
  error instanceof Problem && error.status === status && error.code === code;
const UNPROVEN = refusedAs(401, 'DOORS_API_UNPROVEN');

test('a stranger’s certificate, no certificate and a removed system are refused', async (t) => {
  const { client, certificates, by } = await apiTest(t, { stopped: true });
  await assert.rejects(client('by', ownCertificate()).messages(), UNPROVEN);
  await assert.rejects(client('by').messages(), UNPROVEN);
  await assert.rejects(client('by', certificates.kz).messages(), UNPROVEN, 'a system of another state');
  const known = client('by', certificates.by);
  assert.deepEqual(await known.messages(), []);
  await removeSystem(by.ctx, 'by.pension-fund/registry', 'operator');
  await assert.rejects(known.messages(), UNPROVEN);
});

test('a header does not make a caller another system, but tells which of several of one certificate it is', async (t) => {
  const { client, certificates, by } = await apiTest(t, { stopped: true });
  const other = ownCertificate();
  await addSystem(by.ctx, { name: 'by.pension-fund/other', certificates: [other.pem], by: 'operator' });
  const named = (system: string) => client('by', certificates.by, { system });
  await assert.rejects(named('by.pension-fund/other').messages(), UNPROVEN);
  await assert.rejects(named('by.pension-fund/nobody').messages(), UNPROVEN);
  await addSystem(by.ctx, { name: 'by.pension-fund/second', certificates: [certificates.by.pem], by: 'operator' });
  await assert.rejects(client('by', certificates.by).messages(), UNPROVEN, 'two systems have the certificate');
  await named('by.pension-fund/registry').messages();
  await named('by.pension-fund/second').messages();
});

test('a system pulls from its own channels alone', async (t) => {
  const { client, kz, grant, sender, count } = await apiTest(t);
  await grant();
  await sender.send({ channel: 'kz.population/register/claims', type: 'claim.filed', data: 1 });
  await until('it is there', async () => (await count()) === 1);
  const other = ownCertificate();
  await addSystem(kz.ctx, { name: 'kz.population/other', certificates: [other.pem], by: 'operator' });
  const stranger = client('kz', other);
  await assert.rejects(stranger.pull('claims'), refusedAs(404, 'MESSAGES_CHANNEL_UNKNOWN'));
  assert.deepEqual(await stranger.channels(), []);
});

test('only its agency’s administrator publishes, grants and revokes, and only what is its agency’s', async (t) => {
  const net = await apiTest(t, { stopped: true });
  const { id } = await net.grant();
  const [plain, foreign] = [ownCertificate(), ownCertificate()];
  await addSystem(net.kz.ctx, { name: 'kz.population/plain', certificates: [plain.pem], by: 'operator' });
  await addSystem(net.kz.ctx, {
    name: 'kz.pension-fund/office',
    certificates: [foreign.pem],
    administrator: true,
    by: 'operator',
  });
  const ask = (who: typeof plain, method: string, path: string, body?: unknown) =>
    askApi(net, 'kz', who, { method, path, body });
  const outcome = async (...asked: Parameters<typeof ask>) => {
    const { status, body } = await ask(...asked);
    return [status, body.code];
  };
  const NOT_ADMINISTRATOR = [403, 'DOORS_API_NOT_ADMINISTRATOR'];
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  const subject = { kind: 'agency', name: 'by.pension-fund' };
  const wanted = { subject, service: 'kz.population/register/claims', purpose: { ground: 'mine' }, expires };
  const service = { address: 'http://10.0.0.7/', persons: ['none'] };
  const revocation = [`/grants/${id}/revocation`, { ground: 'x' }] as const;
  assert.deepEqual(await outcome(plain, 'POST', '/grants', wanted), NOT_ADMINISTRATOR);
  assert.deepEqual(await outcome(plain, 'GET', '/grants'), NOT_ADMINISTRATOR);
  assert.deepEqual(await outcome(plain, 'PUT', '/services/register/people', service), NOT_ADMINISTRATOR);
  assert.deepEqual(await outcome(plain, 'POST', ...revocation), NOT_ADMINISTRATOR);
  assert.deepEqual(await outcome(foreign, 'POST', '/grants', wanted), NOT_ADMINISTRATOR);
  assert.deepEqual(await outcome(foreign, 'POST', ...revocation), [404, 'ACCESS_GRANT_UNKNOWN']);
  assert.deepEqual((await ask(foreign, 'GET', '/grants')).body, { grants: [] });
  const published = await ask(foreign, 'PUT', '/services/register/people', service);
  assert.deepEqual([published.status, published.body.service], [200, 'kz.pension-fund/register/people']);
});

test('a node tells what may be used at it only to the node whose system it is about', async (t) => {
  const net = await apiTest(t);
  await net.grant();
  const ask = (caller: string) => {
    const query = new URLSearchParams({ caller, system: 'kz.population/register' });
    return net.by.exchange().ask('kz', { method: 'GET', path: `/access/allowed?${query}` });
  };
  assert.equal((await ask('by.pension-fund/registry')).status, 200);
  const refused = await ask('kz.pension-fund/registry');
  assert.equal(refused.status, 400);
  assert.match(refused.body.toString(), /ACCESS_AGENCY_FOREIGN/);
});

test('one system’s requests are limited, told beforehand, and no other system’s', () => {
  const rate = requestRate(2);
  const [one, two] = ['a', 'b'].map((system) => ({ agency: 'kz.population', system }));
  assert.match(rate.take(one ?? never()).RateLimit ?? '', /r=1;/);
  assert.match(rate.take(one ?? never()).RateLimit ?? '', /r=0;/);
  assert.throws(() => rate.take(one ?? never()), { code: 'DOORS_API_RATE' });
  assert.match(rate.take(two ?? never()).RateLimit ?? '', /r=1;/);
});

function never(): never {
  throw new Error('there are two');
}
