import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Failure } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { developmentSignIn, isLoopback } from './development.ts';
import { migrations, readPersonas, storePersonas } from './index.ts';
import { findSession } from './sessions.ts';
import { type IdentityContext, type SignInRequest, signIn, signInOffers } from './sign-in.ts';

const PERSONAS = readPersonas(`
- { id: asel, state: kz, kind: person, localId: KZ-T-000001, name: Asel T., story: Worked in two states., today: 2026-11-22 }
- { id: daniyar, state: kz, kind: officer, agency: kz.pension-fund, roles: [examiner], name: Daniyar O., story: Decides. }
- { id: nina, state: ru, kind: person, localId: RU-T-000001, name: Nina P., story: Worked at home. }
`);

const HERE: SignInRequest = { remoteAddress: '127.0.0.1', forwarded: false, host: 'kz.localhost', browser: '' };

async function node(t: TestContext, changed: Partial<IdentityContext['identity']> = {}): Promise<IdentityContext> {
  const db = await freshDb(t, [migrations]);
  await storePersonas(db, PERSONAS);
  await storePersonas(db, PERSONAS);
  // Also the one of another state, as a mistake of configuration would have it.
  const methods = [developmentSignIn(PERSONAS)];
  const identity = {
    state: 'kz',
    demo: true,
    boundTo: '127.0.0.1',
    origin: 'http://kz.localhost',
    methods,
    ...changed,
  };
  return { db, clock: manualClock('2026-11-22T09:00:00.000Z'), identity };
}

const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;
const attempt = (ctx: IdentityContext, request: SignInRequest, persona = 'asel') =>
  signIn(ctx, request, 'development', { persona });

test('on a demo union and this machine a persona signs in, and the session knows her', async (t) => {
  const ctx = await node(t);
  const { token } = await attempt(ctx, HERE);
  const session = await findSession(ctx, token);
  assert.deepEqual(session?.account, {
    kind: 'person',
    id: 'asel',
    state: 'kz',
    localId: 'KZ-T-000001',
    name: 'Asel T.',
    today: '2026-11-22',
  });
  assert.equal(session?.method, 'development');
});

test('an officer signs in with the roles of his agency only', async (t) => {
  const ctx = await node(t);
  const session = await findSession(ctx, (await attempt(ctx, HERE, 'daniyar')).token);
  assert.ok(session?.account.kind === 'officer');
  assert.deepEqual(session.account.grants, [{ agency: 'kz.pension-fund', role: 'examiner', service: '*' }]);
});

test('the sign-in page offers the personas of this state only, whatever it was given', async (t) => {
  const ctx = await node(t);
  const [found] = await signInOffers(ctx, HERE);
  assert.ok(found?.offer.kind === 'choice');
  assert.deepEqual(
    found.offer.accounts.map(({ account }) => account.id),
    ['asel', 'daniyar'],
  );
});

test('without a demo charter the development sign-in does not exist', async (t) => {
  const ctx = await node(t, { demo: false });
  assert.deepEqual(await signInOffers(ctx, HERE), []);
  await assert.rejects(attempt(ctx, HERE), failsWith('IDENTITY_DEMO_ONLY'));
});

test('on a node that listens beyond this machine the development sign-in does not exist', async (t) => {
  for (const boundTo of ['0.0.0.0', '::', '192.0.2.10', 'localhost.example.org']) {
    const ctx = await node(t, { boundTo });
    assert.deepEqual(await signInOffers(ctx, HERE), []);
    await assert.rejects(attempt(ctx, HERE), failsWith('IDENTITY_LOOPBACK_ONLY'), boundTo);
  }
});

test('a request from another machine cannot use the development sign-in', async (t) => {
  const ctx = await node(t);
  for (const remoteAddress of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', '', '127.0.0.1.example.org']) {
    assert.deepEqual(await signInOffers(ctx, { ...HERE, remoteAddress }), []);
    await assert.rejects(attempt(ctx, { ...HERE, remoteAddress }), failsWith('IDENTITY_LOOPBACK_ONLY'), remoteAddress);
  }
});

test('a request that a proxy passed on is not from this machine, whatever its socket says', async (t) => {
  const ctx = await node(t);
  await assert.rejects(attempt(ctx, { ...HERE, forwarded: true }), failsWith('IDENTITY_LOOPBACK_ONLY'));
});

test('a foreign name pointed at this machine cannot use the development sign-in', async (t) => {
  const ctx = await node(t);
  for (const host of ['attacker.example', 'localhost.example', '192.0.2.7', '']) {
    await assert.rejects(attempt(ctx, { ...HERE, host }), failsWith('IDENTITY_LOOPBACK_ONLY'), host);
  }
});

test('a persona of another state, an unknown one and an unknown method are refused', async (t) => {
  const ctx = await node(t);
  await assert.rejects(attempt(ctx, HERE, 'nina'), failsWith('IDENTITY_PERSONA_UNKNOWN'));
  await assert.rejects(attempt(ctx, HERE, 'nobody'), failsWith('IDENTITY_PERSONA_UNKNOWN'));
  await assert.rejects(signIn(ctx, HERE, 'passkey', {}), failsWith('IDENTITY_METHOD_UNKNOWN'));
});

test('loopback is 127/8 and ::1 and nothing else', () => {
  for (const yes of ['127.0.0.1', '127.9.8.7', '::1', '[::1]', '::ffff:127.0.0.1']) assert.ok(isLoopback(yes), yes);
  for (const no of ['128.0.0.1', '0.0.0.0', '::', '10.0.0.1', 'localhost', '']) assert.ok(!isLoopback(no), no);
});

test('a wrong list of personas is refused with its entry', () => {
  const cases: [string, RegExp][] = [
    ['{}', /no list/],
    ['- 3', /not a map/],
    ['- { id: asel, state: kz, kind: robot, name: A, story: B }', /neither person nor officer/],
    ['- { id: "Asel T", state: kz, kind: person, localId: K, name: A, story: B }', /short lower-case/],
    ['- { id: asel, state: kz, kind: person, name: A, story: B }', /localId/],
    ['- { id: o, state: kz, kind: officer, agency: kz.x, roles: [king], name: A, story: B }', /no role king/],
    ['- { id: o, state: kz, kind: officer, agency: kz.x, name: A, story: B }', /needs roles/],
    ['- { id: a, state: kz, kind: person, localId: K, name: A, story: B, today: soon }', /not a date/],
    [
      '[{ id: a, state: kz, kind: person, localId: K, name: A, story: B }, { id: a, state: kz, kind: person, localId: L, name: A, story: B }]',
      /twice/,
    ],
  ];
  for (const [yaml, reason] of cases) {
    assert.throws(
      () => readPersonas(yaml),
      (error) => failsWith('IDENTITY_PERSONAS_INVALID')(error) && reason.test(String((error as Failure).params.reason)),
      yaml,
    );
  }
});
