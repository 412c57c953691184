import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SealedDecision } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { confirmCase, returnCase } from './confirm.ts';
import { openCaseFile, queueOf } from './read.ts';
import { makeClaim, officer, type TestDecider, testDecider } from './testing.ts';

const ANNA = officer('anna');
const OLEG = officer('oleg');

/** A case in Russia, which wants two officers, and what stands on an officer's page of it. */
async function openedCase(t: TestContext) {
  const decider = await testDecider(t);
  const transaction = await decider.deliver(makeClaim(decider));
  const [row] = await queueOf(decider.ctx, ANNA, 'waiting');
  const id = row?.id ?? '';
  const look = async () => {
    const { state } = await openCaseFile(decider.ctx, ANNA, id);
    return { proposal: state.proposal?.digest ?? '', basis: state.basis };
  };
  const state = async () => (await openCaseFile(decider.ctx, ANNA, id)).state;
  return { decider, transaction, id, look, state };
}

const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as { code: string }).code));

/** What must be there exactly once, whoever pressed how often. */
async function effects({ ctx, answers }: TestDecider, transaction: string) {
  const [leaves] = await ctx.db.query<{ count: number }>(
    `select count(*)::int as count from ledger_opening where kind in ('decision', 'document')`,
  );
  const [documents] = await ctx.db.query<{ count: number }>('select count(*)::int as count from documents');
  const [deliveries] = await ctx.db.query<{ count: number }>(
    `select count(*)::int as count from job where queue = 'cases.delivery'`,
  );
  return {
    leaves: leaves?.count,
    documents: documents?.count,
    deliveries: deliveries?.count,
    answers: (await answers(transaction)).map(({ type }) => type),
  };
}

test('two officers at the same moment make one decision, one document, one answer', async (t) => {
  const { decider, transaction, id, look } = await openedCase(t);
  const seen = await look();
  const results = await Promise.allSettled([ANNA, OLEG].map((one) => confirmCase(decider.ctx, one, id, seen)));
  assert.deepEqual(codes(results).toSorted(), ['decided', 'inProgress']);
  assert.deepEqual(await effects(decider, transaction), {
    leaves: 2,
    documents: 1,
    deliveries: 1,
    answers: ['transaction/accepted', 'transaction/response'],
  });
  const [, answer] = await decider.answers(transaction);
  const { decision } = (answer?.body ?? {}) as unknown as { decision: Sealed<SealedDecision> };
  assert.deepEqual([decision.payload.outcome, decision.payload.confirmations], ['granted', 2]);
});

test('one officer is never two, however often and fast he presses', async (t) => {
  const { decider, transaction, id, look, state } = await openedCase(t);
  const seen = await look();
  const presses = Array.from({ length: 5 }, () => confirmCase(decider.ctx, ANNA, id, seen));
  const results = codes(await Promise.allSettled(presses));
  assert.deepEqual(results.toSorted(), [...Array.from({ length: 4 }, () => 'CASE_SAME_OFFICER'), 'inProgress']);
  assert.equal((await state()).confirmations.length, 1);
  assert.deepEqual((await effects(decider, transaction)).answers, ['transaction/accepted']);
});

test('many officers at once decide once; who comes late is told so', async (t) => {
  const { decider, transaction, id, look } = await openedCase(t);
  const seen = await look();
  const crowd = Array.from({ length: 6 }, (_, index) => officer(`officer-${index}`));
  const results = codes(await Promise.allSettled(crowd.map((one) => confirmCase(decider.ctx, one, id, seen))));
  assert.equal(results.filter((result) => result === 'decided').length, 1);
  assert.equal(results.filter((result) => result === 'CASE_NOT_OPEN').length, 4);
  assert.equal((await effects(decider, transaction)).documents, 1);
});

test('who looked before a colleague sent the case back does not confirm what he has not seen', async (t) => {
  const { decider, id, look, state } = await openedCase(t);
  const before = await look();
  await confirmCase(decider.ctx, ANNA, id, before);
  await returnCase(decider.ctx, OLEG, id, 'a gap in 2022');
  await assert.rejects(confirmCase(decider.ctx, officer('vera'), id, before), (error) =>
    isFailure(error, 'CASE_MOVED'),
  );
  assert.deepEqual((await state()).confirmations, []);
  const again = await look();
  assert.equal(again.proposal, before.proposal);
  assert.equal(await confirmCase(decider.ctx, ANNA, id, again), 'inProgress');
  assert.equal(await confirmCase(decider.ctx, OLEG, id, again), 'decided');
});

test('a return and a confirmation at the same moment never make a decision of a case that was sent back', async (t) => {
  const { decider, id, look, state } = await openedCase(t);
  const seen = await look();
  await confirmCase(decider.ctx, ANNA, id, seen);
  const results = codes(
    await Promise.allSettled([
      returnCase(decider.ctx, officer('vera'), id, 'wait'),
      confirmCase(decider.ctx, OLEG, id, seen),
    ]),
  );
  const { phase, confirmations } = await state();
  const returnedFirst = results[1] === 'CASE_MOVED';
  assert.deepEqual(results, returnedFirst ? [undefined, 'CASE_MOVED'] : ['CASE_NOT_OPEN', 'decided']);
  assert.deepEqual([phase, confirmations.length], returnedFirst ? ['inProgress', 0] : ['decided', 2]);
});

test('a proposal that nobody made is not confirmed', async (t) => {
  const { decider, id, look } = await openedCase(t);
  const seen = await look();
  for (const wrong of [
    { ...seen, proposal: '' },
    { ...seen, proposal: 'f'.repeat(64) },
    { ...seen, basis: Number.NaN },
  ]) {
    await assert.rejects(confirmCase(decider.ctx, ANNA, id, wrong), (error) => isFailure(error, 'CASE_MOVED'));
  }
});

test('a decided case is neither confirmed nor sent back', async (t) => {
  const { decider, transaction, id, look } = await openedCase(t);
  const seen = await look();
  for (const one of [ANNA, OLEG]) await confirmCase(decider.ctx, one, id, seen);
  const after = await effects(decider, transaction);
  const closed = (error: unknown) => isFailure(error, 'CASE_NOT_OPEN');
  await assert.rejects(confirmCase(decider.ctx, officer('vera'), id, seen), closed);
  await assert.rejects(returnCase(decider.ctx, ANNA, id, 'too late'), closed);
  assert.deepEqual(await effects(decider, transaction), after);
});

test('reasons are asked for, and no text is kept that nobody could read', async (t) => {
  const { decider, id, look } = await openedCase(t);
  await assert.rejects(returnCase(decider.ctx, ANNA, id, '  '), (error) => isFailure(error, 'CASE_REASON_MISSING'));
  const long = 'x'.repeat(2_001);
  await assert.rejects(returnCase(decider.ctx, ANNA, id, long), (error) => isFailure(error, 'CASE_TEXT_LONG'));
  const seen = { ...(await look()), note: long };
  await assert.rejects(confirmCase(decider.ctx, ANNA, id, seen), (error) => isFailure(error, 'CASE_TEXT_LONG'));
});
