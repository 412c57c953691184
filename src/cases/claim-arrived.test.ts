import assert from 'node:assert/strict';
import { test } from 'node:test';
import { casesOfAgency } from './case-rows.ts';
import { makeClaim, testDecider } from './testing.ts';

const TYPES = ['transaction/accepted', 'transaction/response', 'transaction/refused'] as const;
const [ACCEPTED, , REFUSED] = TYPES;

test('a claim opens one case, is accepted, and one use of her data is recorded', async (t) => {
  const decider = await testDecider(t);
  const claim = makeClaim(decider);
  const answers = await decider.answers(await decider.deliver(claim));
  const [row, ...others] = await casesOfAgency(decider.ctx.db, 'ru.pension-fund', 'waiting');
  assert.deepEqual(others, []);
  assert.deepEqual(answers, [{ type: ACCEPTED, body: { case: row?.id } }]);
  assert.deepEqual([row?.application, row?.home, row?.phase], [claim.transaction.application, 'kz', 'inProgress']);
  const uses = await decider.ctx.db.query<{ person: string }>('select person from access_entries');
  assert.deepEqual(uses, [{ person: 'kz/reference of kz' }]);
});

test('a second claim for the same application is refused, and the case stays as it was', async (t) => {
  const decider = await testDecider(t);
  const first = makeClaim(decider);
  await decider.deliver(first);
  const second = makeClaim(decider, { application: first.body.application.payload.id });
  const answers = await decider.answers(await decider.deliver(second));
  assert.deepEqual(answers, [{ type: REFUSED, body: { code: 'CLAIM_TWICE' } }]);
  const rows = await casesOfAgency(decider.ctx.db, 'ru.pension-fund', 'waiting');
  assert.deepEqual(
    rows.map((row) => (row as unknown as { transaction: string }).transaction),
    [first.transaction.id],
  );
  assert.equal((await decider.ctx.db.query('select 1 from access_entries')).length, 1);
});

/** Registers learn an application's id when they are asked for evidence, before anything is filed. */
test("a state that learned another's application id cannot take the place of her claim", async (t) => {
  const decider = await testDecider(t);
  const application = makeClaim(decider).body.application.payload.id;
  const usurper = makeClaim(decider, {
    application,
    home: 'kg',
    evidence: ([identity]) => (identity === undefined ? [] : [identity]),
    payload: { waived: ['insured-periods/kz', 'insured-periods/ru'] },
  });
  await decider.deliver(usurper);
  const answers = await decider.answers(await decider.deliver(makeClaim(decider, { application })));
  assert.deepEqual(
    answers.map(({ type }) => type),
    [ACCEPTED],
  );
  const rows = await casesOfAgency(decider.ctx.db, 'ru.pension-fund', 'waiting');
  assert.deepEqual(rows.map(({ home }) => home).toSorted(), ['kg', 'kz']);
});

test('a claim that does not prove itself is refused with its code: no case, no use of her data', async (t) => {
  const decider = await testDecider(t);
  const answers = await decider.answers(await decider.deliver(makeClaim(decider, { payload: { deciders: ['ru'] } })));
  assert.deepEqual(answers, [{ type: REFUSED, body: { code: 'CLAIM_INVALID' } }]);
  for (const table of ['cases', 'case_actions', 'access_entries']) {
    assert.deepEqual(await decider.ctx.db.query(`select 1 from ${table}`), [], table);
  }
});
