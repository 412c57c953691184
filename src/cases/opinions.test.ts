import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Pattern } from '../agreements/index.ts';
import { listTransactions } from '../exchange/index.ts';
import { until } from '../exchange/testing.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import { acceptOpinion, declineOpinion, giveOpinion, openCaseFile, openOpinion, opinionsOf } from './index.ts';
import { pensionWithOpinion } from './opinions.testing.ts';
import { makeClaim, officer, type TestDecider, testDeciders } from './testing.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
const DANA = officer('dana', { agency: 'kg.pension-fund', state: 'kg' });
const fails = (code: string) => (error: unknown) => isFailure(error, code);

/** Russia's open case of a pension that asks Kyrgyzstan's fund for its opinion, whose node is another one. */
async function askedCase(t: TestContext, pattern: Pattern = 'requestConfirm') {
  const [ru, kg] = (await testDeciders(t, ['ru', 'kg'], pensionWithOpinion(pattern))) as [TestDecider, TestDecider];
  await ru.deliver(makeClaim(ru));
  const [row] = await ru.ctx.db.query<{ id: string }>('select id from cases');
  const id = row?.id ?? '';
  await until('the question is there', async () => (await opinionsOf(kg.ctx, DANA)).length === 1);
  const [asked] = await opinionsOf(kg.ctx, DANA);
  const file = () => openCaseFile(ru.ctx, ANNA, id);
  const confirm = async (who = ANNA) => {
    const { state } = await openCaseFile(ru.ctx, who, id);
    return confirmCase(ru.ctx, who, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
  };
  const standing = async (status: string) =>
    until(`the opinion is ${status}`, async () => (await file()).state.opinions[0]?.status === status);
  return { ru, kg, id, opinion: asked?.id ?? '', asked, file, confirm, standing };
}

describe('an opinion of another authority', () => {
  test('is asked once the case is open, with no more of it than the stage names, and nobody confirms before it is there', async (t) => {
    const { kg, asked, opinion, confirm, file } = await askedCase(t);
    assert.equal('shows' in (asked ?? {}), false, 'a list names nobody');
    const { shows, from, evidence, status } = await openOpinion(kg.ctx, DANA, opinion);
    assert.deepEqual(
      { shows, from, evidence, status },
      {
        shows: { family: 'Сейітова', months: 27 },
        from: 'ru',
        evidence: 'work-opinion',
        status: 'asked',
      },
    );
    assert.deepEqual(
      (await file()).state.opinions.map(({ key, status: now }) => [key, now]),
      [['work-opinion/kg', 'asked']],
    );
    await assert.rejects(confirm(), fails('CASE_WAITING'));
  });

  test('is signed by its agency, taken into the case, and decides through the rules that read it', async (t) => {
    const { kg, opinion, file, confirm, standing, ru } = await askedCase(t);
    assert.equal((await file()).state.proposal?.decision.outcome, 'granted');
    assert.deepEqual(
      await giveOpinion(kg.ctx, DANA, opinion, { confirmed: false, remark: 'Nobody knows the school', seenOn: null }),
      {},
    );
    await standing('given');
    const { state, actions } = await file();
    assert.equal(state.proposal?.decision.outcome, 'refused');
    assert.deepEqual(
      state.proposal?.decision.missing.map(({ rule }) => rule),
      ['workConfirmed'],
    );
    const sealed = state.evidence.at(-1);
    assert.deepEqual(sealed?.payload.facts, { confirmed: false, remark: 'Nobody knows the school' });
    assert.equal(sealed?.payload.issuer.agency, 'kg.pension-fund');
    assert.deepEqual(
      actions.map(({ verb }) => verb),
      ['open', 'propose', 'request', 'opinion', 'propose'],
    );
    await confirm(ANNA);
    await confirm(OLEG);
    const { decision } = (await file()).state;
    assert.equal(decision?.payload.outcome, 'refused');
    assert.equal(decision?.payload.opinions?.length, 1);
    assert.equal(decision?.payload.evidence.length, 3, 'what her home sent stands apart');
    const [record] = await listTransactions(ru.ctx.db, { id: opinion });
    assert.equal(record?.status, 'responded');
  });

  test('falls on what is confirmed before: an answer that comes after its time is taken, and all confirm again', async (t) => {
    const { ru, kg, opinion, standing, confirm, file } = await askedCase(t);
    ru.ctx.clock.advance(11 * 86_400_000);
    await standing('late');
    assert.equal((await file()).state.proposal?.decision.outcome, 'granted', 'nothing follows from what is not there');
    await confirm(ANNA);
    await giveOpinion(kg.ctx, DANA, opinion, { confirmed: true, remark: null, seenOn: null });
    await standing('given');
    assert.equal((await file()).state.confirmations.length, 0);
    await confirm(ANNA);
    await confirm(OLEG);
    assert.equal((await file()).state.phase, 'decided');
  });

  test('may be declined, and the case goes on without it', async (t) => {
    const { kg, opinion, standing, confirm, file } = await askedCase(t);
    await declineOpinion(kg.ctx, DANA, opinion);
    await standing('refused');
    await confirm(ANNA);
    await confirm(OLEG);
    const { decision } = (await file()).state;
    assert.equal(decision?.payload.outcome, 'granted');
    assert.equal(decision?.payload.opinions, undefined);
    await assert.rejects(giveOpinion(kg.ctx, DANA, opinion, { confirmed: true }), fails('OPINION_ANSWERED'));
  });

  test('under a mutual obligation is accepted first, which binds', async (t) => {
    const { ru, kg, opinion, standing } = await askedCase(t, 'mutualObligation');
    const right = { confirmed: true, remark: null, seenOn: '2026-11-20' };
    await assert.rejects(giveOpinion(kg.ctx, DANA, opinion, right), fails('OPINION_NOT_ACCEPTED'));
    await acceptOpinion(kg.ctx, DANA, opinion);
    await acceptOpinion(kg.ctx, DANA, opinion);
    await until('the acceptance is known', async () => {
      const [record] = await listTransactions(ru.ctx.db, { id: opinion });
      return record?.status === 'accepted';
    });
    await assert.rejects(declineOpinion(kg.ctx, DANA, opinion), fails('OPINION_BOUND'));
    await giveOpinion(kg.ctx, DANA, opinion, right);
    await standing('given');
  });

  test('that only answers knows no acceptance', async (t) => {
    const { kg, opinion } = await askedCase(t);
    await assert.rejects(acceptOpinion(kg.ctx, DANA, opinion), fails('OPINION_NOT_ACCEPTED'));
  });

  test('says what is wrong with an answer, question by question, and nothing goes out', async (t) => {
    const { kg, opinion } = await askedCase(t);
    const given: Record<string, Json> = { confirmed: null, remark: 'x'.repeat(201), seenOn: 'never' };
    assert.deepEqual(Object.keys(await giveOpinion(kg.ctx, DANA, opinion, given)), ['confirmed', 'remark', 'seenOn']);
    assert.equal((await openOpinion(kg.ctx, DANA, opinion)).status, 'asked');
  });

  test('of two officers at once is given once', async (t) => {
    const { kg, opinion, standing, file } = await askedCase(t);
    const timur = officer('timur', { agency: 'kg.pension-fund', state: 'kg' });
    const both = await Promise.allSettled(
      [DANA, timur].map((who, index) =>
        giveOpinion(kg.ctx, who, opinion, { confirmed: index === 0, remark: null, seenOn: null }),
      ),
    );
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await standing('given');
    assert.equal((await file()).state.evidence.length, 4);
  });
});
