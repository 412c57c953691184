import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { Failure } from '../../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../../storage/testing.ts';
import { developmentSignIn } from '../development.ts';
import { migrations, readPersonas, storePersonas } from '../index.ts';
import { findSession, openSession } from '../sessions.ts';
import { type IdentityContext, type SignInRequest, signIn } from '../sign-in.ts';
import { type Mistakes, softAuthenticator } from '../testing.ts';
import type { Assurance, Session } from '../types.ts';
import { bindingOptions, bindPasskey } from './bind.ts';
import { CHALLENGE_MS } from './challenges.ts';
import { listPasskeys, removePasskey } from './list.ts';
import { passkeySignIn, signingOptions } from './sign-in.ts';

const ORIGIN = 'http://kz.localhost:7001';
const BROWSER = 'b'.repeat(64);
const HERE: SignInRequest = { remoteAddress: '127.0.0.1', forwarded: false, host: 'kz.localhost', browser: BROWSER };
const PERSONAS = readPersonas(`
- { id: asel, state: kz, kind: person, localId: KZ-T-000001, name: Asel T., story: Worked in two states. }
- { id: marat, state: kz, kind: person, localId: KZ-T-000002, name: Marat T., story: Worked at home. }
`);

type Node = IdentityContext & { clock: ManualClock };

async function node(t: TestContext): Promise<Node> {
  const db = await freshDb(t, [migrations]);
  await storePersonas(db, PERSONAS);
  const identity = { state: 'kz', demo: true, boundTo: '127.0.0.1', origin: ORIGIN, methods: [passkeySignIn()] };
  return { db, clock: manualClock('2026-11-22T09:00:00.000Z'), identity };
}

async function comes(ctx: Node, account = 'asel', assurance: Assurance = 'high'): Promise<Session> {
  const { token } = await openSession(ctx, { account, method: 'development', assurance });
  const session = await findSession(ctx, token);
  assert.ok(session);
  return session;
}

const authenticator = (synced = false) => softAuthenticator({ origin: ORIGIN, synced });
type Authenticator = ReturnType<typeof authenticator>;

async function bind(ctx: Node, session: Session, key: Authenticator, name = 'Telephone', wrong?: Mistakes) {
  const answer = key.make(await bindingOptions(ctx, session, BROWSER, 'Portal'), wrong);
  await bindPasskey(ctx, session, { answer, name, browser: BROWSER });
}

const offer = (ctx: Node, credential: string, request = HERE) => signIn(ctx, request, 'passkey', { credential });

async function use(ctx: Node, key: Authenticator, wrong?: Mistakes): Promise<Session> {
  const { token } = await offer(ctx, key.sign(await signingOptions(ctx, BROWSER), wrong));
  const session = await findSession(ctx, token);
  assert.ok(session);
  return session;
}

const failsWith =
  (code: string, reason?: string) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.code === code && error.params.reason === reason;
const refuses = (reason: string) => failsWith('IDENTITY_PASSKEY_REFUSED', reason);

test('a passkey that was bound signs its owner in, and nobody has to say who she is', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  const session = await use(ctx, key);
  assert.equal(session.account.id, 'asel');
  assert.equal(session.method, 'passkey');
  assert.equal((await use(ctx, key)).account.id, 'asel');
});

test('assurance is the lower of how surely it was bound and of the authenticator', async (t) => {
  const ctx = await node(t);
  const reached: string[] = [];
  for (const synced of [false, true]) {
    for (const proofing of ['low', 'substantial', 'high'] as const) {
      const key = authenticator(synced);
      await bind(ctx, await comes(ctx, 'asel', proofing), key);
      reached.push(`${proofing} ${synced ? 'synced' : 'alone'}: ${(await use(ctx, key)).assurance}`);
    }
  }
  assert.deepEqual(reached, [
    'low alone: low',
    'substantial alone: substantial',
    'high alone: high',
    'low synced: low',
    'substantial synced: substantial',
    'high synced: substantial',
  ]);
});

test('an account has several passkeys, each with its name and when it was used', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  const [phone, token] = [authenticator(true), authenticator()];
  await bind(ctx, session, phone, ' Telephone ');
  ctx.clock.advance(60_000);
  await bind(ctx, session, token, 'Key on the ring');
  ctx.clock.advance(60_000);
  await use(ctx, token);
  const listed = await listPasskeys(ctx.db, 'asel');
  assert.deepEqual(
    listed.map(({ id: _, ...shown }) => shown),
    [
      { name: 'Telephone', synced: true, assurance: 'substantial', createdAt: '2026-11-22T09:00:00.000Z' },
      {
        name: 'Key on the ring',
        synced: false,
        assurance: 'high',
        createdAt: '2026-11-22T09:01:00.000Z',
        usedAt: '2026-11-22T09:02:00.000Z',
      },
    ],
  );
  const { excludeCredentials } = await bindingOptions(ctx, session, BROWSER, 'Portal');
  assert.deepEqual(excludeCredentials.map(({ id }) => id).sort(), [phone.id, token.id].sort());
});

test('an authenticator is told nothing of a person but the name that it shows her', async (t) => {
  const ctx = await node(t);
  const asel = await bindingOptions(ctx, await comes(ctx), BROWSER, 'Portal');
  const marat = await bindingOptions(ctx, await comes(ctx, 'marat'), BROWSER, 'Portal');
  assert.ok(!JSON.stringify(asel).includes('KZ-T-000001'));
  assert.match(asel.user.id, /^[\w-]{43}$/);
  assert.notEqual(asel.user.id, marat.user.id);
});

test('a sign-in that another origin, another host or another kind of question made is refused', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  await assert.rejects(use(ctx, key, { origin: 'http://kz.localhost.example:7001' }), refuses('proof'));
  await assert.rejects(use(ctx, key, { origin: 'http://ru.localhost:7001' }), refuses('proof'));
  await assert.rejects(use(ctx, key, { rpId: 'localhost' }), refuses('proof'));
  await assert.rejects(use(ctx, key, { type: 'webauthn.create' }), refuses('proof'));
  await assert.rejects(use(ctx, key, { crossOrigin: true }), refuses('malformed'));
  await use(ctx, key);
});

test('a person whom the authenticator did not ask for finger, face or PIN is refused, in binding as in signing in', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  await assert.rejects(bind(ctx, session, authenticator(), 'Telephone', { unverified: true }), refuses('proof'));
  const key = authenticator();
  await bind(ctx, session, key);
  await assert.rejects(use(ctx, key, { unverified: true }), refuses('proof'));
});

test('an answer counts once, for the browser that asked, in time, and for what it was asked for', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  const key = authenticator();
  await bind(ctx, session, key);
  const once = key.sign(await signingOptions(ctx, BROWSER));
  await offer(ctx, once);
  await assert.rejects(offer(ctx, once), refuses('challenge'), 'replayed');
  const stolen = key.sign(await signingOptions(ctx, BROWSER));
  await assert.rejects(offer(ctx, stolen, { ...HERE, browser: 'c'.repeat(64) }), refuses('challenge'), 'carried off');
  const late = key.sign(await signingOptions(ctx, BROWSER));
  ctx.clock.advance(CHALLENGE_MS);
  await assert.rejects(offer(ctx, late), refuses('challenge'), 'late');
  const { challenge } = await bindingOptions(ctx, session, BROWSER, 'Portal');
  const options = await signingOptions(ctx, BROWSER);
  await assert.rejects(offer(ctx, key.sign({ ...options, challenge })), refuses('challenge'), 'another purpose');
  await assert.rejects(
    offer(ctx, key.sign({ ...options, challenge: 'A'.repeat(43) })),
    refuses('challenge'),
    'never issued',
  );
});

test('a challenge is spent by an answer that does not hold', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  const options = await signingOptions(ctx, BROWSER);
  await assert.rejects(offer(ctx, key.sign(options, { unverified: true })), refuses('proof'));
  await assert.rejects(offer(ctx, key.sign(options)), refuses('challenge'));
});

test('a passkey that is not bound, another key behind it and another account in it are refused', async (t) => {
  const ctx = await node(t);
  const [asel, marat] = [authenticator(), authenticator()];
  await bind(ctx, await comes(ctx), asel);
  await assert.rejects(use(ctx, marat), refuses('unknown'));
  await bind(ctx, await comes(ctx, 'marat'), marat);
  const { user } = await bindingOptions(ctx, await comes(ctx), BROWSER, 'Portal');
  await assert.rejects(use(ctx, marat, { userHandle: user.id }), refuses('account'));
  await assert.rejects(use(ctx, marat, { userHandle: '' }), refuses('account'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await assert.rejects(use(ctx, asel, { key: privateKey }), refuses('proof'));
});

test('a counter that goes back, or stands, is of a copy and is refused', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  await use(ctx, key, { counter: 20 });
  await assert.rejects(use(ctx, key, { counter: 19 }), refuses('proof'));
  await assert.rejects(use(ctx, key, { counter: 20 }), refuses('proof'));
  await assert.rejects(use(ctx, key, { counter: 0 }), refuses('proof'));
  await use(ctx, key, { counter: 21 });
});

test('of two copies that answer at the same moment one comes in', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  const answers = await Promise.all(
    [1, 2, 3, 4].map(async () => key.sign(await signingOptions(ctx, BROWSER), { counter: 50 })),
  );
  const results = await Promise.allSettled(answers.map((answer) => offer(ctx, answer)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('what is no answer of an authenticator is refused before anything is looked up', async (t) => {
  const ctx = await node(t);
  const good = JSON.parse(authenticator().sign(await signingOptions(ctx, BROWSER))) as {
    response: Record<string, string>;
  };
  const bad = [
    '',
    'null',
    '{}',
    '{"id":"a","response":null}',
    JSON.stringify({ ...good, id: "' or 1=1 --" }),
    JSON.stringify({ ...good, response: {} }),
    JSON.stringify({ ...good, response: { ...good.response, clientDataJSON: 'e30' } }),
    JSON.stringify({ ...good, response: { ...good.response, clientDataJSON: '!' } }),
    JSON.stringify({ ...good, padding: 'x'.repeat(20_000) }),
  ];
  for (const answer of bad) await assert.rejects(offer(ctx, answer), refuses('malformed'), answer.slice(0, 60));
});

test('an attestation with certificates is refused, since judging it would ask others', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  for (const attestation of [
    { fmt: 'packed', x5c: Buffer.from('30', 'hex') },
    { fmt: 'tpm' },
    { fmt: 'android-key' },
  ]) {
    await assert.rejects(bind(ctx, session, authenticator(), 'Token', { attestation }), refuses('malformed'));
  }
  const options = await bindingOptions(ctx, session, BROWSER, 'Portal');
  const made = JSON.parse(authenticator().make(options)) as { response: object };
  const answer = JSON.stringify({ ...made, response: { ...made.response, attestationObject: 'oA' } });
  await assert.rejects(bindPasskey(ctx, session, { answer, name: 'Token', browser: BROWSER }), refuses('malformed'));
});

test('a passkey is bound to one account only, with a name, and to no account more than ten', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  const key = authenticator();
  await bind(ctx, session, key);
  await assert.rejects(bind(ctx, await comes(ctx, 'marat'), key), failsWith('IDENTITY_PASSKEY_TAKEN'));
  for (const name of ['', '  ', 'x'.repeat(61)]) {
    await assert.rejects(bind(ctx, session, authenticator(), name), failsWith('IDENTITY_PASSKEY_NAME'));
  }
  for (let more = 0; more < 9; more++) await bind(ctx, session, authenticator());
  await assert.rejects(bind(ctx, session, authenticator()), failsWith('IDENTITY_PASSKEYS_FULL'));
  assert.equal((await listPasskeys(ctx.db, 'asel')).length, 10);
  assert.equal((await listPasskeys(ctx.db, 'marat')).length, 0);
});

test('the last passkey stays, unless another way in opens the account', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  const [phone, token] = [authenticator(), authenticator()];
  await bind(ctx, session, phone);
  await bind(ctx, session, token);
  const [first, second] = await listPasskeys(ctx.db, 'asel');
  assert.ok(first && second);
  await removePasskey(ctx, HERE, session, first.id);
  await assert.rejects(use(ctx, phone), refuses('unknown'));
  await assert.rejects(removePasskey(ctx, HERE, session, first.id), failsWith('IDENTITY_PASSKEY_UNKNOWN'));
  await assert.rejects(removePasskey(ctx, HERE, session, second.id), failsWith('IDENTITY_PASSKEY_LAST'));
  await use(ctx, token);
  const demo = { ...ctx.identity, methods: [...ctx.identity.methods, developmentSignIn(PERSONAS)] };
  // That way exists on this machine only: for a request from elsewhere it opens nothing.
  const elsewhere = { ...HERE, remoteAddress: '192.0.2.7' };
  await assert.rejects(
    removePasskey({ ...ctx, identity: demo }, elsewhere, session, second.id),
    failsWith('IDENTITY_PASSKEY_LAST'),
  );
  await removePasskey({ ...ctx, identity: demo }, HERE, session, second.id);
  assert.deepEqual(await listPasskeys(ctx.db, 'asel'), []);
});

test('two removals at once leave one passkey', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  for (const key of [authenticator(), authenticator()]) await bind(ctx, session, key);
  const all = await listPasskeys(ctx.db, 'asel');
  const results = await Promise.allSettled(all.map(({ id }) => removePasskey(ctx, HERE, session, id)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await listPasskeys(ctx.db, 'asel')).length, 1);
});

test('nobody removes the passkey of somebody else', async (t) => {
  const ctx = await node(t);
  const asel = await comes(ctx);
  for (const key of [authenticator(), authenticator()]) await bind(ctx, asel, key);
  const [first] = await listPasskeys(ctx.db, 'asel');
  const marat = await comes(ctx, 'marat');
  await assert.rejects(removePasskey(ctx, HERE, marat, first?.id ?? ''), failsWith('IDENTITY_PASSKEY_UNKNOWN'));
  assert.equal((await listPasskeys(ctx.db, 'asel')).length, 2);
});

test('who removes a lost device’s passkey signs that device out, and stays signed in herself', async (t) => {
  const ctx = await node(t);
  const [phone, token] = [authenticator(), authenticator()];
  await bind(ctx, await comes(ctx), phone);
  await bind(ctx, await comes(ctx), token);
  const open = async (key: Authenticator) => offer(ctx, key.sign(await signingOptions(ctx, BROWSER)));
  const [lost, own] = [await open(phone), await open(token)];
  const session = await findSession(ctx, own.token);
  const [first] = await listPasskeys(ctx.db, 'asel');
  assert.ok(session && first);
  await removePasskey(ctx, HERE, session, first.id);
  assert.equal(await findSession(ctx, lost.token), undefined);
  assert.ok(await findSession(ctx, own.token));
});

test('a passkey bound in a demonstration opens nothing once the union is a real one', async (t) => {
  const ctx = await node(t);
  const key = authenticator();
  await bind(ctx, await comes(ctx), key);
  const real = { ...ctx, identity: { ...ctx.identity, demo: false } };
  await assert.rejects(use(real, key), refuses('unknown'));
  await use(ctx, key);
});

test('who signed in too long ago changes no passkey', async (t) => {
  const ctx = await node(t);
  const session = await comes(ctx);
  const key = authenticator();
  await bind(ctx, session, key);
  await bind(ctx, session, authenticator());
  const [first] = await listPasskeys(ctx.db, 'asel');
  ctx.clock.advance(10 * 60_000 - 1);
  const made = authenticator().make(await bindingOptions(ctx, session, BROWSER, 'Portal'));
  ctx.clock.advance(1);
  const again = failsWith('IDENTITY_SIGN_IN_AGAIN');
  await assert.rejects(bindingOptions(ctx, session, BROWSER, 'Portal'), again);
  await assert.rejects(bindPasskey(ctx, session, { answer: made, name: 'Telephone', browser: BROWSER }), again);
  await assert.rejects(removePasskey(ctx, HERE, session, first?.id ?? ''), again);
  assert.equal((await listPasskeys(ctx.db, 'asel')).length, 2);
  await removePasskey(ctx, HERE, await use(ctx, key), first?.id ?? '');
});

test('challenges that nobody answered are cleared away by those that are asked for', async (t) => {
  const ctx = await node(t);
  for (let some = 0; some < 12; some++) await signingOptions(ctx, BROWSER);
  const kept = async () => (await ctx.db.query('select challenge from identity_challenges')).length;
  ctx.clock.advance(CHALLENGE_MS - 1);
  await signingOptions(ctx, BROWSER);
  assert.equal(await kept(), 13);
  ctx.clock.advance(1);
  await signingOptions(ctx, BROWSER);
  assert.equal(await kept(), 4);
  await signingOptions(ctx, BROWSER);
  assert.equal(await kept(), 3);
});
