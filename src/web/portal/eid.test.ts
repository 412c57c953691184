import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Provider } from 'oidc-provider';
import { eidSignIn, findSession, readEidConfig } from '../../identity/index.ts';
import { importCsv } from '../../registers/index.ts';
import { Failure } from '../../storage/index.ts';
import { ORIGIN, type TestVisitor, testWeb, visitor } from '../testing.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
const SURE = 'urn:example:loa:substantial';
const SECRET = 'a secret of the test';

/** What a state's eID says of whoever signs in there, and how well it listens. */
interface Says {
  number?: string;
  /** It reads what is asked of its ID token; one that does not leaves the level out. */
  listens?: boolean;
  /** It does not answer. */
  away?: boolean;
}

/** The eID of a state: another OpenID provider, with a sign-in that asks nothing. @returns its issuer */
async function startEid(
  t: TestContext,
  { number = 'KZ-T-000101', listens = true, away = false }: Says,
): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'node', client_secret: SECRET, redirect_uris: [`${ORIGIN}/sign-in/eid/return`] }],
    acrValues: [SURE],
    claims: { openid: ['sub', 'personal_number'], acr: null },
    conformIdTokenClaims: false,
    cookies: { keys: ['test'] },
    features: { claimsParameter: { enabled: listens }, devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, personal_number: number }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid');
      grant.addOIDCClaims(['personal_number', 'acr']);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (away) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: 'somebody', acr: SURE } });
  });
  return issuer;
}

async function portal(t: TestContext, says: Says = {}) {
  const issuer = await startEid(t, says);
  const eid = { issuer, clientId: 'node', clientSecret: SECRET, numberClaim: 'personal_number' };
  const config = readEidConfig(JSON.stringify({ ...eid, levels: { [SURE]: 'substantial' } }));
  const methods = [eidSignIn(config)];
  const identity = { state: 'kz', demo: false, boundTo: '127.0.0.1', origin: ORIGIN, methods };
  const { ctx, app } = await testWeb(t, { identity });
  const agency = 'kz.population';
  const source = readFileSync(join(ROOT, 'seeds', 'kz', 'population.csv'), 'utf8').split('\n');
  await importCsv(ctx, { register: agency, agency, source: `${source.slice(0, 3).join('\n')}\n` });
  return { ctx, me: visitor(app), other: visitor(app) };
}

/** Goes to the eID and through it. @returns the path on the portal that it sends her back to */
async function throughEid(me: TestVisitor, back = '/documents'): Promise<string> {
  await me.get('/sign-in');
  let address = String((await me.get(`/sign-in/eid?back=${encodeURIComponent(back)}`)).headers.location);
  const cookies = new Map<string, string>();
  while (!address.startsWith(ORIGIN)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    assert.ok(next, `${answer.status} ${await answer.text()}`);
    address = new URL(next, address).href;
  }
  return address.slice(ORIGIN.length);
}

test('whom the state’s eID knows is signed in with its level, and comes back to where she was going', async (t) => {
  const { ctx, me } = await portal(t);
  assert.match((await me.get('/sign-in')).body, /href="\/sign-in\/eid"/);
  const { headers } = await me.get(await throughEid(me));
  assert.equal(headers.location, '/documents');
  const session = await findSession(ctx, me.cookies.get('commonway-session') ?? '');
  assert.equal(session?.account.id, 'aigerim');
  assert.equal(session?.assurance, 'substantial');
  assert.equal(session?.method, 'eid');
});

test('the eID is asked with PKCE, state, a nonce, a fresh sign-in and the level', async (t) => {
  const { me } = await portal(t);
  await me.get('/sign-in');
  const asked = new URL(String((await me.get('/sign-in/eid')).headers.location)).searchParams;
  for (const name of ['code_challenge', 'state', 'nonce']) assert.ok((asked.get(name) ?? '').length >= 43, name);
  assert.equal(asked.get('code_challenge_method'), 'S256');
  assert.equal(asked.get('prompt'), 'login');
  const { id_token } = JSON.parse(asked.get('claims') ?? '');
  assert.deepEqual(id_token.acr, { essential: true, values: [SURE] });
});

test('an eID that does not say how sure it is signs nobody in', async (t) => {
  const { ctx, me } = await portal(t, { listens: false });
  const { statusCode, body } = await me.get(await throughEid(me));
  assert.equal(statusCode, 400);
  assert.match(body, /did not say surely enough who you are/);
  assert.deepEqual(await ctx.db.query('select id from identity_sessions'), []);
});

test('whom the population register does not know is not signed in', async (t) => {
  const { ctx, me } = await portal(t, { number: 'KZ-T-999999' });
  assert.equal((await me.get(await throughEid(me))).statusCode, 400);
  assert.deepEqual(await ctx.db.query('select id from identity_sessions'), []);
});

test('an answer counts once, and for the browser that went', async (t) => {
  const { me, other } = await portal(t);
  const returned = await throughEid(me);
  await other.get('/sign-in');
  assert.equal((await other.get(returned)).statusCode, 400, 'another browser');
  assert.equal((await me.get(returned)).statusCode, 303);
  assert.equal((await me.get(returned)).statusCode, 400, 'again');
});

test('an eID that does not answer is told of, and asked again the next time', async (t) => {
  const { me } = await portal(t, { away: true });
  await me.get('/sign-in');
  for (let time = 0; time < 2; time++) {
    const { statusCode, body } = await me.get('/sign-in/eid');
    assert.equal(statusCode, 400);
    assert.match(body, /does not answer at the moment/);
  }
});

test('a forged state, a foreign code and an answer of another issuer sign nobody in', async (t) => {
  const { ctx, me } = await portal(t);
  const change = async (name: string, value: string): Promise<number> => {
    const returned = new URL(await throughEid(me), ORIGIN);
    returned.searchParams.set(name, value);
    return (await me.get(`${returned.pathname}${returned.search}`)).statusCode;
  };
  assert.equal(await change('state', 'x'.repeat(43)), 400);
  assert.equal(await change('code', 'x'.repeat(43)), 400);
  assert.equal(await change('iss', 'http://127.0.0.1:1'), 400);
  assert.deepEqual(await ctx.db.query('select id from identity_sessions'), []);
});

test('a description of an eID that is not whole, not safe or of no known level is refused', () => {
  const good = {
    issuer: 'https://eid.example',
    clientId: 'a',
    clientSecret: 'b',
    numberClaim: 'c',
    levels: { x: 'high' },
  };
  assert.deepEqual(readEidConfig(JSON.stringify(good)), good);
  const bad: [string, RegExp][] = [
    ['{', /no JSON object/],
    ['[]', /issuer is missing/],
    [JSON.stringify({ ...good, clientSecret: '' }), /clientSecret is missing/],
    [JSON.stringify({ ...good, issuer: 'http://eid.example' }), /no https address/],
    [JSON.stringify({ ...good, levels: {} }), /levels are missing/],
    [JSON.stringify({ ...good, levels: { x: 'certain' } }), /level of x is none of/],
  ];
  for (const [text, reason] of bad) {
    assert.throws(
      () => readEidConfig(text),
      (error) =>
        error instanceof Failure && error.code === 'IDENTITY_EID_CONFIG' && reason.test(String(error.params.reason)),
      text,
    );
  }
});
