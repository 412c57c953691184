import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listActs } from '../../audit/index.ts';
import { randomId } from '../../crypto/index.ts';
import { leafState, openLog, sequenceNow } from '../../ledger/index.ts';
import { hiddenFields, type TestVisitor, testWeb, visitor } from '../testing.ts';
import { csvOf } from './statistics.tsx';

async function operator(t: TestContext) {
  const web = await testWeb(t);
  await openLog(web.ctx.db, web.ctx);
  const me = visitor(web.app);
  await me.signIn('operator-kz-1');
  return { ...web, me };
}

/** A message that a system of this state gave up, and one of its key behind it. */
async function deadLetter(ctx: Awaited<ReturnType<typeof testWeb>>['ctx']): Promise<string> {
  const [id, next] = [randomId(), randomId()];
  const at = ctx.clock.now();
  for (const [one, sequence, status] of [
    [id, 1, 'dead'],
    [next, 2, 'received'],
  ] as const)
    await ctx.db.query(
      `insert into exchange_received (sender, id, lane, sequence, type, created, expires, head, body, body_digest, received_at, leaf,
         leaf_salt, batch, place, status, error)
       values ('ru', $1, 'l', $2, 'access-notice', $3, $3, '\\x00', '\\x00', '\\x00', $3, $1, '', $1, 0, $4, 'PERSONS_REFERENCE_UNKNOWN')`,
      [one, sequence, at, status],
    );
  return id;
}

const shows = async (me: TestVisitor, path: string) => (await me.get(path)).body;

test('where a new operator begins she sees what is wrong and what to do, state by state', async (t) => {
  const { me } = await operator(t);
  const home = await shows(me, '/console');
  assert.match(home, /\.\/commonway/, 'the next command stands beside a finding');
  assert.match(home, /href="\/console\/states"/);
  assert.doesNotMatch(home, /href="\/console\/agreements"/, 'what she may not see is not offered');
  const states = await shows(me, '/console/states');
  for (const name of ['Armenia', 'Belarus', 'Kyrgyzstan', 'Russia']) assert.match(states, new RegExp(name));
  assert.match(states, /Silent/);
});

test('a dead letter is dropped with a reason that stands in the history and in the ledger', async (t) => {
  const { me, ctx } = await operator(t);
  const id = await deadLetter(ctx);
  assert.match(await shows(me, '/console/messages'), new RegExp(`/console/messages/node/${id}`));
  const page = `/console/messages/node/${id}`;
  const without = await me.send(page, `${page}/drop`, { 'reason-drop': 'x' });
  assert.equal(without.statusCode, 400);
  assert.match(without.body, /href="#reason-drop"/);
  assert.deepEqual(await listActs(ctx.db), []);
  const done = await me.send(page, `${page}/drop`, { 'reason-drop': ' Told twice by hand ' });
  assert.equal(done.headers.location, '/console/messages?done=drop');
  assert.equal((await me.get(page)).statusCode, 404, 'it is no dead letter any more');
  const [act] = await listActs(ctx.db);
  assert.deepEqual(
    [act?.by, act?.act, act?.about, act?.reason],
    ['operator-kz-1', 'messageDropped', id, 'Told twice by hand'],
  );
  const [{ leaf = '' } = {}] = await ctx.db.query<{ leaf: string }>('select leaf from audit_act');
  await sequenceNow(ctx);
  assert.notEqual((await leafState(ctx, leaf))?.index, undefined);
  assert.match(await shows(me, '/console'), /Told twice by hand/);
  const [row] = await ctx.db.query<{ status: string }>('select status from exchange_received where id = $1', [id]);
  assert.equal(row?.status, 'skipped');
});

test('what a system here sent in vain goes again and cannot be dropped, and what cannot go again leaves no word in the history', async (t) => {
  const { me, ctx } = await operator(t);
  const [id, at] = [randomId(), ctx.clock.now()];
  await ctx.db.query(
    `insert into messages_sent (sender, id, channel, type, idempotency_key, request_digest, lane, content_type, size, created, expires,
       status, status_at)
     values ('kz.pension-fund/registry', $1, 'ru.population/register/claims', 'claim', 'k', '\\x00', 'l', 'text/plain', 1, $2, $2,
       'refused', $2)`,
    [id, at],
  );
  const page = `/console/messages/out/${id}`;
  assert.equal((await me.get(`/console/messages/in/${id}`)).statusCode, 404, 'the other side is another message');
  const { body } = await me.get(page);
  assert.doesNotMatch(body, /\/drop"/);
  const resent = await me.post(`${page}/resend`, {
    ...hiddenFields(body, `${page}/resend`),
    'reason-resend': 'They mended it',
  });
  assert.match(resent.body, /MESSAGES_ERASED/, 'what it said is gone');
  const dropped = await me.post(`${page}/drop`, {
    ...hiddenFields(body, `${page}/resend`),
    'reason-drop': 'Not wanted',
  });
  assert.equal(dropped.statusCode, 404);
  assert.deepEqual(await listActs(ctx.db), []);
});

test('work that was given up is begun anew, a whole queue at once, and never named by what it is about', async (t) => {
  const { me, ctx } = await operator(t);
  for (const queue of ['letters', 'mail'])
    await ctx.db.query(
      `insert into job (queue, key, payload, run_at, attempts, dead_at, error)
       select $1, 'KZ-T-00010' || n, '{}', now(), 25, now(), 'broken' from generate_series(1, 3) n`,
      [queue],
    );
  const page = await me.get('/console/jobs');
  assert.match(page.body, /mail: given up, 3/);
  assert.doesNotMatch(page.body, /KZ-T/);
  // Every field of the form as it stands on the page, whichever of the two it is.
  const formOf = (body: string, queue: string) => {
    const form = body.split('<form').find((one) => one.includes(`value="${queue}"`)) ?? '';
    const values = [...form.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
    return Object.fromEntries(values.map(([, name = '', value = '']) => [name, value]));
  };
  for (const queue of ['mail', 'letters']) {
    const form = formOf((await me.get('/console/jobs')).body, queue);
    const wrong = await me.post('/console/jobs/revive', { ...form, [form.field ?? '']: 'x' });
    assert.equal(wrong.statusCode, 400);
    assert.match(wrong.body, new RegExp(`href="#${form.field}"`));
    assert.equal(formOf(wrong.body, queue)[form.field ?? ''], 'x', 'what was typed is still there');
    const done = await me.post('/console/jobs/revive', {
      ...form,
      [form.field ?? '']: `The server of ${queue} is back`,
    });
    assert.equal(done.headers.location, '/console/jobs?done=revived');
  }
  assert.equal((await ctx.db.query('select 1 from job where dead_at is null and attempts = 0')).length, 6);
  assert.deepEqual((await listActs(ctx.db)).map(({ act, about }) => `${act} ${about}`).toSorted(), [
    'jobRevived letters',
    'jobRevived mail',
  ]);
});

test('statistics are counts, as a page and as CSV', async (t) => {
  const { me, ctx } = await operator(t);
  const at = ctx.clock.now();
  const { contractDigest } = ctx.agreements.newest('pension') ?? {};
  await ctx.db.query(
    `insert into drafts (id, person, agreement, contract, service, answers, reference, created, expires, submitted)
     select gen_random_uuid(), 'p' || n, 'pension', $1, 'pension', case when n = 1 then '{"statesOfWork":["kz"]}' else '{}' end::jsonb,
       'r', $2, $2::timestamptz + interval '90 days', n > 4 from generate_series(1, 6) n`,
    [contractDigest, at],
  );
  const page = await shows(me, '/console/statistics');
  assert.match(page, /Begun: 6, sent: 2/);
  assert.match(page, /<rect width="100"/);
  const { body, headers } = await me.get('/console/statistics.csv');
  assert.equal(headers['content-type'], 'text/csv; charset=utf-8');
  assert.deepEqual(body.trim().split('\r\n'), [
    'figure,agreement,service,agency,of,value',
    'drafts-begun,pension,pension,,,6',
    'drafts-sent,pension,pension,,,2',
    'drafts-stopped,pension,pension,,work,3',
    'drafts-stopped,pension,pension,,claim,1',
  ]);
});

test('a name with a comma or a quotation mark stays one cell', () => {
  const drafts = [{ agreement: 'a,b', service: 's"t', begun: 1, sent: 0, stopped: [] }];
  assert.match(csvOf({ since: '', cases: [], decisions: [], drafts }), /drafts-begun,"a,b","s""t",,,1/);
});

test('outcomes of few cases are nobody’s to see', async (t) => {
  const { me, ctx } = await operator(t);
  const insert = (service: string, count: number) =>
    ctx.db.query(
      `insert into cases (id, application, home, reference, agreement, contract, annex, service, agency, transaction_id, phase, outcome,
         filed_on, opened_at, due_at, decided_at, actions, head)
       select gen_random_uuid(), gen_random_uuid(), 'kz', 'r', 'pension', 'c', 'a', $1, 'kz.pension-fund', n::text, 'decided', 'refused',
         current_date, $3, $3, $3, 1, 'h' from generate_series(1, $2::int) n`,
      [service, count, ctx.clock.now()],
    );
  await insert('pension', 5);
  await insert('survivors-pension', 4);
  const { body } = await me.get('/console/statistics.csv');
  assert.match(body, /cases-decided,pension,pension,kz\.pension-fund,refused,5/);
  assert.doesNotMatch(body, /cases-decided,pension,survivors-pension/);
  assert.match(body, /cases-received,pension,survivors-pension,kz\.pension-fund,,4/);
});
