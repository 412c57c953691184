// Every path on which a person's data can be read leaves exactly one entry in her access record. The paths are taken from the program itself:
// a new page, message or door fails here until it is said what it reads, and a reading one until it is read here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { migrations as applications } from '../src/applications/index.ts';
import type { CasesContext } from '../src/cases/context.ts';
import { giveOpinion, openCaseFile, opinionsOf } from '../src/cases/index.ts';
import {
  makeClaim,
  officer,
  pensionWithOpinion,
  type TestDecider,
  testDecider,
  testDeciders,
} from '../src/cases/testing.ts';
import { decidedCase } from '../src/cases/testing-corrections.ts';
import { carried, customs, invoice, licence } from '../src/cases/testing-files.ts';
import { granted } from '../src/cases/testing-joins.ts';
import { lackingCase } from '../src/cases/testing-supplements.ts';
import { digestHex, randomId } from '../src/crypto/index.ts';
import { apiTest } from '../src/doors/api/testing.ts';
import * as doors from '../src/doors/index.ts';
import { CLIENT, doorTest, SERVICE } from '../src/doors/testing.ts';
import { METASERVICES } from '../src/doors/x-road/metaservices.ts';
import { until } from '../src/exchange/testing.ts';
import {
  developmentSignIn,
  migrations as identity,
  personaFiles,
  readPersonas,
  storePersonas,
} from '../src/identity/index.ts';
import { migrations as mailbox } from '../src/mailbox/index.ts';
import { messageHandlers as betweenSystems, setNetwork, topicJobs } from '../src/messages/index.ts';
import { startReceiver } from '../src/messages/webhooks/testing.ts';
import { editionRoutes } from '../src/node/editions.ts';
import { type HandlersContext, messageHandlers, transactionHandlers } from '../src/node/handlers.ts';
import { mirrorRoutes } from '../src/node/monitors.ts';
import { giveBackRoutes } from '../src/node/regain.ts';
import { witnessRoutes } from '../src/node/witnesses.ts';
import { type AccessContent, setUsageConsumer } from '../src/persons/index.ts';
import { askOwnRegister } from '../src/registers/evidence/testing-question.ts';
import { importCsv, loadRegisters, migrations as registers } from '../src/registers/index.ts';
import { type Db, migrate } from '../src/storage/index.ts';
import { createWeb } from '../src/web/create-web.tsx';
import { hiddenFields, ORIGIN, type TestVisitor, testWeb, visitor } from '../src/web/testing.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

/** What a path reads of a person's data. Only `reads` and what shows it are for authorities. */
type Kind =
  /** Nothing of anybody, or what everybody may read. */
  | 'nobody'
  /** A person's own data, in her own session; or what her home node keeps for her, as she wanted it. */
  | 'herself'
  /** An act of an officer: a page that he opened before shows him what it is about, and opening anew is that page's entry. */
  | 'acts'
  /** Data come to rest here and nobody reads them yet: the path that opens them does. */
  | 'kept'
  /** Exactly one entry, shown by the reading of the same name below. */
  | 'reads';

const PATHS: Record<string, Kind> = {
  ...all(
    'nobody',
    'GET / /appearance /language /services /services/:agreement/:service /events/:event /sign-in /verify /metrics /ledger/*',
  ),
  ...all('nobody', 'GET /figures /health /health/live /health/ready'),
  ...all('nobody', 'GET /services/:agreement/:service/journey.svg /services/:agreement/:service/regulation'),
  ...all(
    'nobody',
    'GET /services/:agreement/:service/regulation.css /status-lists/:list /assets/* /schemas/* /catalogue.jsonld',
  ),
  ...all('nobody', 'GET /desk /desk/notices /desk/opinions /desk/registers'),
  ...all('nobody', 'GET /desk/enrolments /desk/enrolments/begin /desk/enrolments/confirm'),
  ...all('nobody', 'GET /sign-in/eid /sign-in/eid/return'),
  ...all('nobody', 'POST /sign-in /sign-in/code /sign-in/passkey /sign-in/passkey/options /sign-out /verify'),
  // Of whoever is signed in, an officer too: the ways in and what is open, which say nothing of anybody else.
  ...all('herself', 'GET /passkeys /sessions'),
  ...all('herself', 'POST /passkeys /passkeys/options /passkeys/:id/remove /sessions/end-others /sessions/:id/end'),
  ...all('herself', 'GET /access /access/:id/proof /access/:id/proof.json /links /mailbox /files/:id/:digest'),
  ...all('herself', 'GET /profile /profile/data'),
  ...all('herself', 'GET /applications /applications/:id /applications/:id/state /applications/:id/proofs'),
  ...all('herself', 'GET /applications/:id/correction/:state /applications/:id/decisions/:state'),
  ...all('herself', 'GET /applications/:id/evidence/:type/:state /applications/:id/transactions/:transaction'),
  ...all('herself', 'GET /documents /documents/:id /documents/:id/file /documents/:id/page.pdf'),
  ...all(
    'herself',
    'GET /drafts/:id /drafts/:id/check /drafts/:id/discard /drafts/:id/evidence /drafts/:id/evidence/state',
  ),
  ...all('herself', 'GET /drafts/:id/forecast /drafts/:id/pages/:page /drafts/:id/pages/:page/things/:thing'),
  ...all('herself', 'POST /applications/:id/correction/:state /applications/:id/correction/:state/renew'),
  ...all('herself', 'POST /applications/:id/evidence /consents/:id/withdraw /links/:id/revoke /mailbox/:id/open'),
  ...all('herself', 'POST /drafts/:id/check /drafts/:id/discard /drafts/:id/evidence /drafts/:id/pages/:page'),
  ...all('herself', 'POST /drafts/:id/pages/:page/things/:thing /drafts/:id/pages/:page/things/:thing/remove'),
  // The console shows the node, never what it keeps of a person.
  ...all(
    'nobody',
    'GET /console /console/states /console/states/state /console/messages /console/messages/:kind/:id /console/ledger /console/jobs',
  ),
  ...all('nobody', 'GET /console/rights /console/agreements /console/agreements/:name /console/people'),
  ...all('nobody', 'GET /console/statistics /console/statistics.csv'),
  ...all('nobody', 'POST /console/messages/:kind/:id/resend /console/messages/:kind/:id/drop /console/jobs/revive'),
  ...all('nobody', 'GET /mandates/new'),
  ...all('nobody', 'POST /mandates/check /desk/queues /desk/queues/forget /desk/batch /desk/batch/run'),
  ...all('herself', 'POST /mandates /mandates/:id/end'),
  // And of those for whom she acts, as the registers of her state have it, or as they wanted it by a mandate.
  ...all('herself', 'GET /services/:agreement/:service/for'),
  ...all('herself', 'POST /services/:agreement/:service/start'),
  ...all(
    'acts',
    'POST /desk/cases/:id/assign /desk/cases/:id/notes /desk/cases/:id/confirm /desk/cases/:id/return /desk/cases/:id/move /desk/cases/:id/tell/:stage',
  ),
  ...all('acts', 'POST /desk/cases/:id/correction/confirm /desk/cases/:id/correction/decline'),
  ...all('acts', 'POST /desk/cases/:id/correction/propose /desk/opinions/:id /desk/opinions/:id/accept'),
  ...all('acts', 'POST /desk/opinions/:id/decline'),
  ...all('reads', 'GET /desk/cases/:id /desk/cases/:id/correction /desk/cases/:id/move /desk/cases/:id/tell/:stage'),
  ...all('reads', 'GET /desk/cases/:id/files/:digest /desk/notices/:id /desk/opinions/:id'),
  ...all('reads', 'POST /desk/registers/open /desk/registers/correct'),
  // What an officer types from her document is compared with the population register.
  ...all('reads', 'POST /desk/enrolments/begin /desk/enrolments/confirm'),
  // Between nodes.
  // A node that lost them gets back what it signed and received itself.
  ...all('kept', 'peer GET:/calls/kept'),
  ...all('nobody', 'peer GET:/access/allowed GET:/access/topic'),
  ...all('nobody', 'peer GET:/ledger/* GET:/mirror/* GET:/agreements GET:/agreements/* POST:/witness/add-checkpoint'),
  ...all('reads', 'message application-supplement decisions-joined'),
  ...all('nobody', 'message access-counts'),
  ...all('herself', 'message access-notice case-moved joined-award document-file'),
  ...all(
    'reads',
    'transaction fetchEvidence.onRequest openCase.onRequest askCorrection.onRequest giveOpinion.onResponse',
  ),
  ...all('herself', 'transaction fetchEvidence.onResponse openCase.onResponse askCorrection.onResponse'),
  ...all('herself', 'transaction correctDecision.onRequest'),
  ...all('kept', 'transaction giveOpinion.onRequest distribute.onRequest'),
  ...all(
    'nobody',
    'transaction fetchEvidence.onRefused fetchEvidence.onOverdue openCase.onAccepted openCase.onRefused',
  ),
  ...all(
    'nobody',
    'transaction giveOpinion.onRefused giveOpinion.onOverdue askCorrection.onAccepted askCorrection.onRefused',
  ),
  // Doors.
  ...all('reads', 'door serveXRoad'),
  // The own API, and what its messages do at a node.
  ...all('reads', 'api POST:/channels/{channel}/leases'),
  ...all('reads', 'api POST:/subscriptions/{subscription}/leases'),
  // What is published is its publisher's own; whoever takes it reads it.
  ...all('nobody', 'api PUT:/topics/{topic} GET:/topics POST:/topics/{topic}/events GET:/allowed/topic'),
  ...all('nobody', 'api POST:/subscriptions GET:/subscriptions GET:/subscriptions/{subscription}'),
  ...all(
    'nobody',
    'api DELETE:/subscriptions/{subscription} POST:/subscriptions/{subscription}/leases/{lease}/outcomes',
  ),
  ...all('nobody', 'api GET:/subscriptions/{subscription}/dead GET:/webhook-keys'),
  ...all('nobody', 'api POST:/subscriptions/{subscription}/dead/{message}/resend'),
  ...all('reads', 'api GET:/findUsage'),
  ...all('reads', 'job messages/webhook'),
  ...all('nobody', 'job messages/fan-out messages/sweep access/changed'),
  ...all('nobody', 'message topic/subscribe topic/unsubscribe topic/subscription'),
  ...all('nobody', 'api POST:/messages GET:/messages GET:/messages/{id} POST:/messages/{id}/resend'),
  ...all('nobody', 'api PUT:/channels/{channel} GET:/channels POST:/channels/{channel}/leases/{lease}/outcomes'),
  ...all('nobody', 'api PUT:/services/{system}/{service} GET:/allowed POST:/grants GET:/grants'),
  ...all('nobody', 'api POST:/grants/{id}/revocation GET:/denials/{id}'),
  ...all('kept', 'message message/deliver'),
  ...all('nobody', 'message message/outcome message/again'),
  ...all('nobody', 'door metaservice:listMethods metaservice:allowedMethods metaservice:getOpenAPI'),
};

function all(kind: Kind, line: string): Record<string, Kind> {
  const [what = '', ...paths] = line.split(' ');
  return Object.fromEntries(paths.map((path) => [`${what} ${path}`, kind]));
}

/** Every path that the program has. */
async function pathsOf(t: TestContext): Promise<string[]> {
  const { ctx } = await testWeb(t);
  const pages: string[] = [];
  const web = createWeb(ctx, (method, path) =>
    pages.push(`${method} ${path.replace(/^\/(assets|schemas)\/.*/, '/$1/*')}`),
  );
  await web.ready();
  await web.close();
  const wired = ctx as unknown as HandlersContext & Parameters<typeof editionRoutes>[0];
  const peer = {
    ...mirrorRoutes(ctx),
    ...editionRoutes(wired),
    ...witnessRoutes(wired, () => undefined),
    ...doors.allowedRoutes({ ...wired, report: () => undefined }),
    ...giveBackRoutes(ctx),
  };
  const operations = Object.entries(transactionHandlers(wired));
  const paths = [
    ...pages.filter((path) => !path.startsWith('HEAD ')),
    ...Object.keys(peer).map((path) => `peer ${path.replace(' ', ':')}`),
    ...Object.keys({ ...messageHandlers(wired), ...betweenSystems(wired) }).map((type) => `message ${type}`),
    ...topicJobs(wired).map(({ queue }) => `job ${queue}`),
    ...doors.apiOperations.map(({ method, path }) => `api ${method}:${path}`),
    ...operations.flatMap(([operation, on]) => Object.keys(on).map((step) => `transaction ${operation}.${step}`)),
    ...Object.keys(doors)
      .filter((name) => /^serve/.test(name))
      .map((name) => `door ${name}`),
    ...METASERVICES.map((name) => `door metaservice:${name}`),
  ];
  return [...new Set(paths)].sort();
}

test('of every path it is said what it reads, and of none that is not there', async (t) => {
  assert.deepEqual(await pathsOf(t), Object.keys(PATHS).sort());
});

test('every path that reads is read here', () => {
  const reading = Object.keys(PATHS).filter((path) => PATHS[path] === 'reads');
  assert.deepEqual(readHere.toSorted(), reading.toSorted());
});

const readHere: string[] = [];

/** Reads a path, by a function that gives how many entries there are now. */
function reading(path: string, read: (t: TestContext) => Promise<void>): void {
  readHere.push(path);
  test(`${path} leaves exactly one entry`, read);
}

const countOf = async (db: Db): Promise<number> =>
  (await db.query('select 1 from access_entries where leaf is not null')).length;

async function leavesOne(db: Db, read: () => Promise<unknown>): Promise<void> {
  const before = await countOf(db);
  await read();
  assert.equal((await countOf(db)) - before, 1);
}

/** The desk of a state over a node that a test has made, with somebody signed in. */
async function deskOf(
  t: TestContext,
  ctx: CasesContext & { db: Db },
  state: string,
  who: string,
): Promise<TestVisitor> {
  await migrate(ctx.db, [identity, registers, mailbox, applications]);
  const personas = readPersonas(personaFiles(root)).filter((one) => one.state === state);
  await storePersonas(ctx.db, personas);
  const app = createWeb({
    ...ctx,
    agencyKeys: ctx.keys.agencies,
    registers: loadRegisters(join(root, 'registers'), state),
    identity: { state, demo: true, boundTo: '127.0.0.1', origin: ORIGIN, methods: [developmentSignIn(personas)] },
    web: { origin: ORIGIN },
  } as unknown as Parameters<typeof createWeb>[0]);
  t.after(() => app.close());
  const me = visitor(app);
  await me.signIn(who);
  return me;
}

/** Russia's decided case, and an officer who has not opened it. */
async function decidedDesk(t: TestContext) {
  const { ctx, id, ask } = await decidedCase(t);
  await ask();
  return { ctx, id, me: await deskOf(t, ctx, 'ru', 'officer-ru-1') };
}

for (const [path, place, status] of [
  ['/desk/cases/:id', '', 200],
  ['/desk/cases/:id/correction', '/correction', 200],
  // Neither can be done with this case: he is told so after he has had it before him.
  ['/desk/cases/:id/move', '/move', 409],
  ['/desk/cases/:id/tell/:stage', '/tell/report-change', 200],
] as const) {
  reading(`GET ${path}`, async (t) => {
    const { ctx, id, me } = await decidedDesk(t);
    await leavesOne(ctx.db, async () => assert.equal((await me.get(`/desk/cases/${id}${place}`)).statusCode, status));
  });
}

reading('GET /desk/cases/:id/files/:digest', async (t) => {
  const { ctx, deliver, claim } = await customs(t);
  await deliver(claim(carried(licence, invoice)));
  await ctx.db.query(`update stored_file set status = 'clean'`);
  const [row] = await ctx.db.query<{ id: string }>('select id from cases');
  const me = await deskOf(t, ctx, 'kg', 'officer-kg-1');
  await leavesOne(ctx.db, async () => {
    const file = await me.get(`/desk/cases/${row?.id}/files/${digestHex(invoice)}`);
    assert.deepEqual(file.rawPayload, invoice);
  });
});

reading('GET /desk/notices/:id', async (t) => {
  const { ctx, me } = await decidedDesk(t);
  const id = randomId();
  await ctx.db.query(
    `insert into case_notices (agency, id, agreement, contract, service, stage, from_state, from_agency, application, home, reference, says,
       received_at)
     select agency, $1, agreement, contract, service, 'tell-states', 'kg', 'kg.pension-fund', application, home, reference,
       '{"family":"Petrosyan"}', opened_at from cases`,
    [id],
  );
  await leavesOne(ctx.db, async () => assert.match((await me.get(`/desk/notices/${id}`)).body, /Petrosyan/));
});

/** Russia has asked Kyrgyzstan's fund for its opinion. */
async function askedOpinion(t: TestContext) {
  const agreement = pensionWithOpinion('requestConfirm');
  const [ru, kg] = (await testDeciders(t, ['ru', 'kg'], agreement)) as [TestDecider, TestDecider];
  await ru.deliver(makeClaim(ru));
  const dana = officer('dana', { agency: 'kg.pension-fund', state: 'kg' });
  await until('the question is there', async () => (await opinionsOf(kg.ctx, dana)).length === 1);
  const [asked] = await opinionsOf(kg.ctx, dana);
  return { ru, kg, dana, opinion: asked?.id ?? '' };
}

reading('GET /desk/opinions/:id', async (t) => {
  const { kg, opinion } = await askedOpinion(t);
  assert.equal(await countOf(kg.ctx.db), 0, 'what is kept is not read yet');
  const me = await deskOf(t, kg.ctx, 'kg', 'officer-kg-1');
  await leavesOne(kg.ctx.db, async () => assert.equal((await me.get(`/desk/opinions/${opinion}`)).statusCode, 200));
});

reading('transaction giveOpinion.onResponse', async (t) => {
  const { ru, kg, dana, opinion } = await askedOpinion(t);
  await leavesOne(ru.ctx.db, async () => {
    await giveOpinion(kg.ctx, dana, opinion, { confirmed: true, remark: null, seenOn: null });
    await until(
      'it came',
      async () => (await ru.ctx.db.query(`select 1 from case_actions where verb = 'opinion'`)).length === 1,
    );
  });
});

async function registrar(t: TestContext) {
  const { ctx } = await decidedCase(t);
  const me = await deskOf(t, ctx, 'ru', 'registrar-ru');
  const source = readFileSync(join(root, 'seeds', 'ru', 'pension-fund.csv'), 'utf8');
  const [heading = '', first = ''] = source.split('\n');
  const own = { ...ctx, registers: loadRegisters(join(root, 'registers'), 'ru') };
  await importCsv(own, { register: 'ru.pension-fund', agency: 'ru.pension-fund', source: `${heading}\n${first}\n` });
  return { ctx, me, number: first.split(';')[0] ?? '' };
}

reading('POST /desk/registers/open', async (t) => {
  const { ctx, me, number } = await registrar(t);
  await leavesOne(ctx.db, async () => {
    const opened = await me.send('/desk/registers', '/desk/registers/open', { register: 'ru.pension-fund', number });
    assert.equal(opened.statusCode, 200);
  });
});

reading('POST /desk/registers/correct', async (t) => {
  const { ctx, me, number } = await registrar(t);
  const opened = await me.send('/desk/registers', '/desk/registers/open', { register: 'ru.pension-fund', number });
  const hidden = Object.entries(hiddenFields(opened.body, '/desk/registers/correct'));
  const fields = Object.fromEntries(hidden.map(([name, value]) => [name, value.replaceAll('&quot;', '"')]));
  await leavesOne(ctx.db, async () => {
    const done = await me.post('/desk/registers/correct', {
      ...fields,
      'column.employer': 'Another',
      reason: 'A slip',
    });
    assert.equal(done.headers.location, '/desk/registers?done=corrected', done.body);
  });
});

/** The population register of a state with its first row, and two officers who give people their way in. */
async function enrollers(t: TestContext) {
  const { ctx } = await decidedCase(t);
  const [one, two] = [await deskOf(t, ctx, 'ru', 'enroller-ru-1'), await deskOf(t, ctx, 'ru', 'enroller-ru-2')];
  const source = readFileSync(join(root, 'seeds', 'ru', 'population.csv'), 'utf8');
  const [heading = '', first = ''] = source.split('\n');
  const own = { ...ctx, registers: loadRegisters(join(root, 'registers'), 'ru') };
  await importCsv(own, { register: 'ru.population', agency: 'ru.population', source: `${heading}\n${first}\n` });
  const [number = ''] = first.split(';');
  const [, day = '', month = '', year = ''] = /(\d{2})\.(\d{2})\.(\d{4})/.exec(first) ?? [];
  const shown = { number, 'birthDate.day': day, 'birthDate.month': month, 'birthDate.year': year };
  const enrol = async (me: TestVisitor, path: string): Promise<void> => {
    const { statusCode } = await me.send(path, path, { ...shown, document: 'passport', reason: 'first' });
    assert.equal(statusCode, 200);
  };
  return { ctx, one, two, enrol };
}

reading('POST /desk/enrolments/begin', async (t) => {
  const { ctx, one, enrol } = await enrollers(t);
  await leavesOne(ctx.db, () => enrol(one, '/desk/enrolments/begin'));
});

reading('POST /desk/enrolments/confirm', async (t) => {
  const { ctx, one, two, enrol } = await enrollers(t);
  await enrol(one, '/desk/enrolments/begin');
  await leavesOne(ctx.db, () => enrol(two, '/desk/enrolments/confirm'));
});

reading('message application-supplement', async (t) => {
  const { ctx, arrive, body } = await lackingCase(t);
  await leavesOne(ctx.db, () => arrive(body()));
});

reading('message decisions-joined', async (t) => {
  const { ctx, own, theirs, arrive } = await granted(t);
  await leavesOne(ctx.db, async () => {
    await arrive({ decisions: [own, theirs('granted')] });
    await arrive({ decisions: [own, theirs('granted')] });
  });
});

reading('transaction fetchEvidence.onRequest', async (t) => {
  const { ended, entries } = await askOwnRegister(t, () => undefined);
  assert.deepEqual([ended[0]?.result?.result, entries], ['found', 1]);
});

reading('transaction openCase.onRequest', async (t) => {
  const decider = await testDecider(t);
  await leavesOne(decider.ctx.db, () => decider.deliver(makeClaim(decider)));
});

reading('transaction askCorrection.onRequest', async (t) => {
  const { ctx, ask } = await decidedCase(t);
  await leavesOne(ctx.db, () => ask());
});

reading('door serveXRoad', async (t) => {
  const door = await doorTest(t, { persons: ['path:/{person}'] });
  await door.grant();
  await leavesOne(door.kz.db, async () => {
    const answer = await request(`http://127.0.0.1:${door.port}/r1/${SERVICE}/KZ-T-000101`, {
      headers: { 'x-road-client': CLIENT },
    });
    assert.equal(answer.statusCode, 200);
    await answer.body.dump();
  });
});

reading('api POST:/channels/{channel}/leases', async (t) => {
  const net = await apiTest(t, { persons: ['body:/person'] });
  await net.grant();
  await net.send({ person: 'KZ-T-000101' });
  await until('it is there', async () => (await net.count()) === 1);
  await leavesOne(net.kz.db, async () => assert.equal((await net.receiver.pull('claims')).messages.length, 1));
});

reading('api POST:/subscriptions/{subscription}/leases', async (t) => {
  const { net, subscription } = await personsMoved(t);
  await leavesOne(net.by.db, async () => {
    const first = await net.sender.pullEvents(subscription, { leaseSeconds: 1, waitSeconds: 10 });
    assert.equal(first.events.length, 1);
  });
  await net.by.db.query(`update messages_inbox set leased_until = '2000-01-01'`);
  const before = await countOf(net.by.db);
  assert.equal((await net.sender.pullEvents(subscription)).events[0]?.delivery, 2);
  assert.equal(await countOf(net.by.db), before, 'the same event again is the same reading');
  assert.equal(await countOf(net.kz.db), 0, 'and it is recorded where it is read alone');
  const rows = await net.by.db.query<{ content: AccessContent }>('select content from access_entries');
  const [{ agency, home, fields, ground }] = rows.map(({ content }) => content) as [AccessContent];
  assert.deepEqual(
    [agency, home, fields, ground.article],
    ['by.pension-fund', 'kz', ['/person', '/to'], 'Law on the register, article 7'],
  );
});

reading('api GET:/findUsage', async (t) => {
  const net = await apiTest(t, { stopped: true });
  const { ctx } = net.kz;
  const source = readFileSync(join(root, 'seeds', 'kz', 'population.csv'), 'utf8')
    .split('\n')
    .slice(0, 2)
    .join('\n');
  const own = { ...ctx, registers: loadRegisters(join(root, 'registers'), 'kz') };
  await importCsv(own, { register: 'kz.population', agency: 'kz.population', source });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await setUsageConsumer(ctx, 'kz.population/register', { ground: 'Law, article 24', until, by: 'operator' });
  await leavesOne(ctx.db, () => net.receiver.findUsage(source.split('\n')[1]?.split(',')[0] ?? ''));
});

reading('job messages/webhook', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer(() => ({ status: 503 }));
  const { net } = await personsMoved(t, { url: receiver.url, certificate: receiver.certificate });
  await leavesOne(net.by.db, async () => {
    await setNetwork(net.by.ctx, '127.0.0.1', { isAllowed: true, by: 'operator' });
    await until('it was brought', () => receiver.requests.length === 1);
    await net.by.db.query(`update messages_inbox set not_before = '2000-01-01'`);
    await net.by.db.query(`update job set run_at = '2000-01-01' where queue = 'messages/webhook'`);
    await until('it was brought again', () => receiver.requests.length >= 2);
  });
});

/** A person of Kazakhstan has moved, and a system of Belarus has subscribed to it. */
async function personsMoved(t: TestContext, webhook?: { url: string; certificate: string }) {
  const net = await apiTest(t);
  await net.receiver.publishTopic('moves', { title: 'Moves', persons: ['body:/person'] });
  await net.grant({ service: 'kz.population/register/moves', method: 'SUBSCRIBE' });
  const wanted = { topic: 'kz.population/register/moves', idempotencyKey: 'moves', ...(webhook && { webhook }) };
  const { id } = await net.sender.subscribe(wanted);
  await until('it is in force', async () => (await net.sender.subscription(id)).status === 'active');
  const event = { specversion: '1.0', id: '1', source: '/register', type: 'person.moved' } as const;
  await net.receiver.publish('moves', { ...event, data: { person: 'KZ-T-000101', to: 'Almaty' } });
  return { net, subscription: id };
}

test('an officer who opens the same case again has no second entry, and another one has his own', async (t) => {
  const { ctx, id, me } = await decidedDesk(t);
  await leavesOne(ctx.db, async () => {
    await me.get(`/desk/cases/${id}`);
    await me.get(`/desk/cases/${id}/correction`);
  });
  await leavesOne(ctx.db, () => openCaseFile(ctx, officer('somebody-else'), id));
});
