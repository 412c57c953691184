import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { randomId } from '../../crypto/index.ts';
import { hiddenFields, type TestVisitor, testWeb, visitor } from '../testing.ts';

/** Cases that wait at Kazakhstan's pension fund, and one of another agency; an officer is signed in. */
async function waiting(t: TestContext, count: number) {
  const { ctx, app } = await testWeb(t);
  const insert = async (agency: string) => {
    const id = randomId();
    await ctx.db.query(
      `insert into cases (id, application, home, reference, agreement, contract, annex, service, agency, transaction_id, phase,
         filed_on, opened_at, due_at, actions, head)
       values ($1, $1, 'kz', 'r', 'pension', $3, 'a', 'pension', $2, 't', 'received', '2026-03-01', $4, '2026-04-01T00:00:00.000Z', 0, '')`,
      [id, agency, ctx.agreements.newest('pension')?.contractDigest, ctx.clock.now()],
    );
    return id;
  };
  const ids: string[] = [];
  for (let number = 0; number < count; number++) ids.push(await insert('kz.pension-fund'));
  const foreign = await insert('kz.population');
  const me = visitor(app);
  await me.signIn('officer-kz-1');
  const assignees = async () => {
    const rows = await ctx.db.query<{ id: string; assignee: string | null }>('select id, assignee from cases');
    return new Map(rows.map(({ id, assignee }) => [id, assignee]));
  };
  return { ctx, app, me, ids, foreign, assignees };
}

const tick = async (me: TestVisitor, act: string, ids: readonly string[]) => {
  const { body } = await me.get('/desk');
  return me.post('/desk/batch', { ...hiddenFields(body, '/desk/batch'), act, case: [...ids] });
};
const run = (me: TestVisitor, body: string, ids: readonly string[], more = {}) =>
  me.post('/desk/batch/run', { ...hiddenFields(body, '/desk/batch/run'), case: [...ids], ...more });

test('ticked cases are looked through before anything is done, then taken one by one, and told one by one', async (t) => {
  const { me, ids, foreign, assignees } = await waiting(t, 3);
  const [one = '', two = '', left = ''] = ids;
  const preview = await tick(me, 'take', [one, two, foreign]);
  assert.match(preview.body, /Look through them: 2/, 'that of another agency is as if it were not there');
  assert.equal((await assignees()).get(one), null);
  const report = await run(me, preview.body, [one, two, foreign]);
  assert.match(report.body, /Done: 2 of 2/);
  const now = await assignees();
  assert.deepEqual(
    [one, two, left, foreign].map((id) => now.get(id)),
    ['officer-kz-1', 'officer-kz-1', null, null],
  );
});

test('what another officer took while one looked stays his, and the report says so', async (t) => {
  const { app, me, ids, assignees } = await waiting(t, 2);
  const [one = ''] = ids;
  const preview = await tick(me, 'take', ids);
  const other = visitor(app);
  await other.signIn('officer-kz-2');
  await run(other, (await tick(other, 'take', [one])).body, [one]);
  const report = await run(me, preview.body, ids);
  assert.match(report.body, /Done: 1 of 2/);
  assert.match(report.body, /Another officer works on it by now: officer-kz-2/);
  assert.equal((await assignees()).get(one), 'officer-kz-2');
});

test('what one has is given to a colleague who may read it, and to nobody without a name', async (t) => {
  const { me, ids, assignees } = await waiting(t, 2);
  await run(me, (await tick(me, 'take', ids)).body, ids);
  const preview = await tick(me, 'give', ids);
  const nobody = await run(me, preview.body, ids);
  assert.equal(nobody.statusCode, 400);
  assert.match(nobody.body, /href="#to"/);
  assert.match((await run(me, preview.body, ids, { to: 'operator-kz-1' })).body, /Done: 0 of 2/);
  assert.match((await run(me, preview.body, ids, { to: 'officer-kz-2' })).body, /Done: 2 of 2/);
  assert.equal((await assignees()).get(ids[0] ?? ''), 'officer-kz-2');
});

test('nothing ticked leads back to the queue', async (t) => {
  const { me } = await waiting(t, 1);
  assert.equal((await tick(me, 'take', [])).headers.location, '/desk');
});
