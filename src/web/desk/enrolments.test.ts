import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { bindingOptions, bindPasskey, findSession, listPasskeys, type Session } from '../../identity/index.ts';
import { softAuthenticator } from '../../identity/testing.ts';
import { importCsv } from '../../registers/index.ts';
import { hiddenFields, ORIGIN, type TestVisitor, testWeb, visitor } from '../testing.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
/** In the population register, without an account. */
const NOBODY = { number: 'KZ-T-000001', born: ['1', '2', '1990'] };

const AIGERIM = { number: 'KZ-T-000101', born: ['12', '4', '1963'] };

interface Office {
  ctx: Awaited<ReturnType<typeof testWeb>>['ctx'];
  one: TestVisitor;
  two: TestVisitor;
  comes(): TestVisitor;
}

/** A node with its population register, and two officers of it at their desks. */
async function office(t: TestContext): Promise<Office> {
  const { ctx, app } = await testWeb(t);
  const source = readFileSync(join(ROOT, 'seeds', 'kz', 'population.csv'), 'utf8');
  const [heading = ''] = source.split('\n');
  const rows = source.split('\n').filter((row) => row.startsWith(AIGERIM.number));
  const [day = '', month = '', year = ''] = NOBODY.born;
  const birth = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const own = `${NOBODY.number},1,Ахметова,Сая,Akhmetova,Saya,${birth},F,KZ,,,${birth},`;
  const agency = 'kz.population';
  await importCsv(ctx, { register: agency, agency, source: [heading, ...rows, own, ''].join('\n') });
  const officer = async (id: string) => {
    const me = visitor(app);
    await me.signIn(id);
    return me;
  };
  const [one, two] = [await officer('enroller-kz-1'), await officer('enroller-kz-2')];
  return { ctx, one, two, comes: () => visitor(app) };
}

type Person = typeof NOBODY;

const shownOf = ({ number, born: [day = '', month = '', year = ''] }: Person) => ({
  number,
  'birthDate.day': day,
  'birthDate.month': month,
  'birthDate.year': year,
});

const begin = (me: TestVisitor, who: Person, reason = 'first'): Promise<LightMyRequestResponse> => {
  const path = '/desk/enrolments/begin';
  return me.send(path, path, { ...shownOf(who), document: 'passport', reason });
};

const confirm = (me: TestVisitor, who: Person): Promise<LightMyRequestResponse> =>
  me.send('/desk/enrolments/confirm', '/desk/enrolments/confirm', shownOf(who));

const halfOf = ({ body, statusCode }: LightMyRequestResponse): string => {
  const half = /<strong>((?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})<\/strong>/.exec(body)?.[1];
  assert.ok(half, `no half: ${statusCode}`);
  return half;
};

const use = (me: TestVisitor, first: string, second: string): Promise<LightMyRequestResponse> =>
  me.send('/sign-in', '/sign-in/code', { first, second });

async function sessionOf({ ctx }: Office, me: TestVisitor): Promise<Session> {
  const session = await findSession(ctx, me.cookies.get('commonway-session') ?? '');
  assert.ok(session);
  return session;
}

type Key = ReturnType<typeof softAuthenticator>;

async function makePasskey({ ctx }: Office, session: Session): Promise<Key> {
  const options = await bindingOptions(ctx, session, 'b', 'Portal');
  const key = softAuthenticator({ origin: ORIGIN });
  await bindPasskey(ctx, session, { answer: key.make(options), name: 'Telephone', browser: 'b' });
  return key;
}

async function signInWith(me: TestVisitor, key: Key): Promise<void> {
  const fields = hiddenFields((await me.get('/sign-in')).body, '/sign-in/passkey');
  const options = await me.post('/sign-in/passkey/options', fields);
  const credential = key.sign(JSON.parse(options.body));
  assert.equal((await me.post('/sign-in/passkey', { ...fields, credential })).statusCode, 303);
}

const entries = async ({ ctx }: Office): Promise<number> => (await ctx.db.query('select 1 from access_entries')).length;

test('two officers give one half each, and with both she opens her account and makes a passkey of level high', async (t) => {
  const desk = await office(t);
  const first = halfOf(await begin(desk.one, NOBODY));
  const second = halfOf(await confirm(desk.two, NOBODY));
  assert.equal(await entries(desk), 2, 'each look at the register is in her record');
  const me = desk.comes();
  const came = await use(me, ` ${first.toLowerCase()} `, second.replaceAll('-', ' '));
  assert.equal(came.headers.location, '/passkeys');
  const session = await sessionOf(desk, me);
  assert.ok(session.account.kind === 'person');
  assert.equal(session.account.name, 'Сая Ахметова');
  assert.equal(session.account.localId, NOBODY.number);
  assert.equal(session.assurance, 'low', 'a code that lay on paper proves little');
  const key = await makePasskey(desk, session);
  const [passkey] = await listPasskeys(desk.ctx.db, session.account.id);
  assert.equal(passkey?.assurance, 'high');
  const away = await me.get('/access');
  assert.equal(away.headers.location, '/sign-in?back=%2Faccess&more', 'and shows nothing of hers');
  assert.match((await me.get('/sign-in?back=%2Faccess&more')).body, /needs a surer sign-in/);
  assert.match((await me.get('/passkeys')).body, /then sign in with it/);
  await signInWith(me, key);
  assert.match(
    (await me.get('/access')).body,
    /Give you your way in/,
    'what was done before she had an account is hers',
  );
  const { passkeys, enrolments } = JSON.parse((await me.get('/profile/data')).body);
  assert.equal(passkeys.length, 1);
  const [{ document, recovery, usedAt }] = enrolments;
  assert.deepEqual(
    { document, recovery, used: usedAt !== null },
    { document: 'passport', recovery: false, used: true },
  );
  assert.equal((await use(desk.comes(), first, second)).statusCode, 400, 'once');
});

test('no half opens anything alone, and none before a second officer has confirmed', async (t) => {
  const desk = await office(t);
  const first = halfOf(await begin(desk.one, NOBODY));
  for (const second of ['', first, '0000-0000-0000']) {
    assert.equal((await use(desk.comes(), first, second)).statusCode, 400, second);
  }
  const second = halfOf(await confirm(desk.two, NOBODY));
  for (const [one, other] of [
    ['', second],
    [second, second],
    [second, first],
  ] as const) {
    assert.equal((await use(desk.comes(), one, other)).statusCode, 400);
  }
  assert.equal((await use(desk.comes(), first, second)).statusCode, 303);
});

test('the officer who began does not confirm', async (t) => {
  const desk = await office(t);
  await begin(desk.one, NOBODY);
  const own = await confirm(desk.one, NOBODY);
  assert.equal(own.statusCode, 400);
  assert.match(own.body, /Another officer must confirm it/);
  halfOf(await confirm(desk.two, NOBODY));
  assert.equal((await confirm(desk.two, NOBODY)).statusCode, 400, 'once');
});

test('whom the register does not know so, nobody begins for, and a confirmation tells nothing of the register', async (t) => {
  const desk = await office(t);
  const wrong = { ...NOBODY, born: ['2', '2', '1990'] };
  const unknown = { ...NOBODY, number: 'KZ-T-999999' };
  for (const who of [wrong, unknown]) assert.equal((await begin(desk.one, who)).statusCode, 400);
  const answers = await Promise.all([NOBODY, wrong, unknown].map((who) => confirm(desk.two, who)));
  assert.deepEqual(
    answers.map(({ statusCode, body }) => [statusCode, /Nobody here has begun/.test(body)]),
    [
      [400, true],
      [400, true],
      [400, true],
    ],
  );
  assert.equal(await entries(desk), 0);
  for (const born of [
    ['31', '2', '1990'],
    ['', '', ''],
  ]) {
    assert.match((await begin(desk.one, { ...NOBODY, born })).body, /day, month and year/);
  }
});

test('officers without the role neither begin nor confirm, and persons do not come in', async (t) => {
  const desk = await office(t);
  await begin(desk.one, NOBODY);
  const examiner = desk.comes();
  await examiner.signIn('officer-kz-1');
  assert.equal((await begin(examiner, NOBODY)).statusCode, 403);
  assert.equal((await confirm(examiner, NOBODY)).statusCode, 403);
  const person = desk.comes();
  await person.signIn('aigerim');
  for (const path of ['', '/begin', '/confirm']) {
    assert.equal((await person.get(`/desk/enrolments${path}`)).statusCode, 403, path);
  }
});

test('who lost her devices loses their passkeys and sessions when she uses the code, not before', async (t) => {
  const desk = await office(t);
  const lost = desk.comes();
  await lost.signIn('aigerim');
  await makePasskey(desk, await sessionOf(desk, lost));
  const again = [halfOf(await begin(desk.one, AIGERIM)), halfOf(await confirm(desk.two, AIGERIM))] as const;
  const another = desk.comes();
  assert.equal((await use(another, ...again)).statusCode, 303);
  assert.equal((await sessionOf(desk, another)).account.id, 'aigerim', 'the account that she has');
  assert.equal((await listPasskeys(desk.ctx.db, 'aigerim')).length, 1, 'a further way in leaves the others');
  const recovery = [halfOf(await begin(desk.one, AIGERIM, 'lost')), halfOf(await confirm(desk.two, AIGERIM))] as const;
  assert.equal((await listPasskeys(desk.ctx.db, 'aigerim')).length, 1);
  await sessionOf(desk, lost);
  const me = desk.comes();
  assert.equal((await use(me, ...recovery)).statusCode, 303);
  assert.deepEqual(await listPasskeys(desk.ctx.db, 'aigerim'), []);
  assert.equal(await findSession(desk.ctx, lost.cookies.get('commonway-session') ?? ''), undefined);
  await sessionOf(desk, me);
});

test('a code is over after a day, and void once another was begun for her', async (t) => {
  const desk = await office(t);
  const voided = [halfOf(await begin(desk.one, NOBODY)), halfOf(await confirm(desk.two, NOBODY))] as const;
  const late = [halfOf(await begin(desk.one, NOBODY)), halfOf(await confirm(desk.two, NOBODY))] as const;
  assert.equal((await use(desk.comes(), ...voided)).statusCode, 400);
  await desk.ctx.db.query("update identity_enrolments set expires_at = expires_at - interval '1 day'");
  assert.equal((await use(desk.comes(), ...late)).statusCode, 400);
  await begin(desk.one, NOBODY);
  await desk.ctx.db.query("update identity_enrolments set expires_at = expires_at - interval '1 day'");
  assert.equal((await confirm(desk.two, NOBODY)).statusCode, 400);
});

test('the store keeps neither half', async (t) => {
  const desk = await office(t);
  const halves = [halfOf(await begin(desk.one, NOBODY)), halfOf(await confirm(desk.two, NOBODY))];
  const kept = JSON.stringify(await desk.ctx.db.query('select * from identity_enrolments'));
  for (const half of halves) assert.ok(!kept.includes(half) && !kept.includes(half.replaceAll('-', '')));
});
