import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Pattern } from '../../agreements/index.ts';
import { pensionWithOpinion } from '../../cases/testing.ts';
import { randomId } from '../../crypto/index.ts';
import { hiddenFields as fieldsOf, testWeb, visitor } from '../testing.ts';

/** Russia's fund asked Kazakhstan's for its opinion on a person of Armenia; an officer is signed in. */
async function asked(t: TestContext, pattern: Pattern) {
  const agreement = pensionWithOpinion(pattern);
  const { ctx, app } = await testWeb(t, {}, agreement);
  const id = randomId();
  const at = ctx.clock.now();
  await ctx.db.query(
    `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
       from_agency, to_agency, status, request, request_digest, retries, timers, begun_at)
     values ('l', $1, 'in', 'P.PN.01.TRN.090', $2, 'giveOpinion', 'pension', $3, 'ru', 'kz', 'ru.pension-fund', 'kz.pension-fund',
       'received', $4, 'd', 0, '{}', $5)`,
    [id, pattern, agreement.contractDigest, randomId(), at],
  );
  await ctx.db.query(
    `insert into case_opinions (agency, id, agreement, contract, pattern, service, stage, evidence, from_state, from_agency, application,
       home, reference, shows, request, asked_at, due_at)
     values ('kz.pension-fund', $1, 'pension', $2, $3, 'pension', 'consult', 'work-opinion', 'ru', 'ru.pension-fund', $4, 'am', 'hers',
       '{"family":"Petrosyan","months":27}', $5, $6, '2026-03-12T18:59:59.999Z')`,
    [id, agreement.contractDigest, pattern, randomId(), 'd'.repeat(64), at],
  );
  const me = visitor(app);
  await me.signIn('officer-kz-1');
  return { ctx, app, me, page: `/desk/opinions/${id}` };
}

test('an officer gives an opinion on pages without scripts, and is told what is wrong with it', async (t) => {
  const { me, page } = await asked(t, 'requestConfirm');
  const list = (await me.get('/desk/opinions')).body;
  assert.match(list, new RegExp(`href="${page}"`));
  assert.doesNotMatch(list, /Petrosyan/, 'a list names nobody');
  const open = (await me.get(page)).body;
  assert.match(open, /Petrosyan/);
  assert.match(open, /name="confirmed"/);
  assert.doesNotMatch(open, /desk\/opinions\/[^"]*\/accept/, 'this pattern knows no acceptance');
  const wrong = await me.send(page, page, { remark: 'x'.repeat(201) });
  assert.equal(wrong.statusCode, 400);
  assert.match(wrong.body, /href="#confirmed"/);
  assert.match(wrong.body, /x{201}/, 'what was typed is still there');
  const again = await me.get(page);
  const right = await me.post(page, { ...fieldsOf(again.body, page), confirmed: 'yes', remark: 'Known here' });
  assert.equal(right.headers.location, '/desk/opinions?done=opinion');
  assert.match((await me.get('/desk/opinions?done=opinion')).body, /signed and sent[\s\S]*Given/);
  const twice = await me.post(page, { ...fieldsOf(again.body, page), confirmed: 'no' });
  assert.equal(twice.statusCode, 400);
  assert.match(twice.body, /answered already/);
});

test('a mutual obligation is accepted on the page first, and cannot be declined after that', async (t) => {
  const { me, page } = await asked(t, 'mutualObligation');
  const before = (await me.get(page)).body;
  assert.doesNotMatch(before, /name="confirmed"/);
  const decline = fieldsOf(before, `${page}/decline`);
  assert.equal((await me.send(page, `${page}/accept`)).headers.location, `${page}?done=accepted`);
  const bound = await me.post(`${page}/decline`, decline);
  assert.equal(bound.statusCode, 400);
  assert.match(bound.body, /an opinion is due/);
  assert.equal((await me.send(page, page, { confirmed: 'no' })).statusCode, 303);
});

test('an authority gives no opinion by one press', async (t) => {
  const { ctx, me, page } = await asked(t, 'requestConfirm');
  assert.equal((await me.send(page, `${page}/decline`)).headers.location, '/desk/opinions?done=declined');
  const [row] = await ctx.db.query<{ status: string }>('select status from case_opinions');
  assert.equal(row?.status, 'declined');
});

test('what an agency was asked is for its own officers', async (t) => {
  const { app, page } = await asked(t, 'requestConfirm');
  const other = visitor(app);
  await other.signIn('registrar-kz');
  assert.equal((await other.get(page)).statusCode, 403);
  const her = visitor(app);
  await her.signIn('aigerim');
  assert.notEqual((await her.get(page)).statusCode, 200);
});
