import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listTransactions } from '../exchange/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import { isFailure } from '../storage/index.ts';
import { askAgain, askEvidence, waiveEvidence } from './ask.ts';
import { openDraft } from './drafts.ts';
import { forecast } from './forecast.ts';
import { cardsOfDraft } from './questions.ts';
import { getApplication } from './read.ts';
import { confirmEvidence, rememberPage, submit } from './submit.ts';
import { actor, answerQuestion, cardOf, fill, filledDraft, readyDraft, send, testHome } from './testing.ts';

const HER = actor();
const fails = (code: string) => (error: unknown) => isFailure(error, code) || assert.fail(String(error));

test('what is sent is what she saw, once, from however many windows', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  const page = await rememberPage(ctx, HER, id, 'page');
  const sent = await Promise.all(Array.from({ length: 4 }, () => submit(ctx, HER, id, page)));
  assert.deepEqual(sent, [id, id, id, id]);
  const claims = (await listTransactions(ctx.db, { application: id })).filter(
    ({ operation }) => operation === 'openCase',
  );
  assert.deepEqual(claims.map(({ to }) => to).toSorted(), ['kz', 'ru']);
  assert.equal((await lettersOf(ctx.db, HER.person)).length, 1);
  const { sealed, cases } = await getApplication(ctx.db, HER.person, id);
  assert.deepEqual([sealed.payload.page, sealed.payload.evidence.length, sealed.payload.waived], [page, 3, []]);
  assert.deepEqual(
    cases.map(({ state }) => state),
    ['kz', 'ru'],
  );
});

test('a page that has changed since is to be looked at again', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  const page = await rememberPage(ctx, HER, id, 'page');
  await fill(ctx, HER, id, 'contact', { contactLanguage: 'kk' });
  await assert.rejects(submit(ctx, HER, id, page), fails('DRAFT_CHANGED'));
  await assert.rejects(submit(ctx, HER, id, 'a'.repeat(64)), fails('DRAFT_CHANGED'));
  const later = await rememberPage(ctx, HER, id, 'page');
  await waiveEvidence(ctx, HER, id, 'insured-periods/ru');
  await assert.rejects(submit(ctx, HER, id, later), fails('DRAFT_CHANGED'));
});

test('evidence of a state that she took off her list is not sent to anybody', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await fill(ctx, HER, id, 'work', { statesOfWork: ['kz'] });
  await fill(ctx, HER, id, 'claim', { kindOfPension: 'old-age', payingStates: ['kz'] });
  const opened = await openDraft(ctx, HER, id);
  const cards = await cardsOfDraft(ctx, ctx.db, opened);
  assert.deepEqual(
    cards.map(({ key }) => key),
    ['identity/kz', 'insured-periods/kz'],
  );
  await send(home, id);
  const { sealed, evidence, cases } = await getApplication(ctx.db, HER.person, id);
  assert.equal(sealed.payload.evidence.length, 2);
  assert.deepEqual(
    evidence.map(({ key }) => key),
    ['identity/kz', 'insured-periods/kz'],
  );
  assert.deepEqual(
    cases.map(({ state }) => state),
    ['kz'],
  );
});

test('what she goes on without is named, and the forecast knows it', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await waiveEvidence(ctx, HER, id, 'insured-periods/ru');
  const opened = await openDraft(ctx, HER, id);
  const told = forecast(ctx, opened, await cardsOfDraft(ctx, ctx.db, opened));
  const inRussia = told.find(({ state }) => state === 'ru');
  assert.deepEqual([inRussia?.decision.outcome, inRussia?.decision.pending], ['refused', []]);
  await send(home, id);
  const { sealed } = await getApplication(ctx.db, HER.person, id);
  assert.deepEqual([sealed.payload.evidence.length, sealed.payload.waived], [2, ['insured-periods/ru']]);
});

test('evidence that came after she confirmed is to be confirmed by itself', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await fill(ctx, HER, id, 'work', { statesOfWork: ['kg', 'kz', 'ru'] });
  await askEvidence(ctx, HER, id);
  await answerQuestion(home, id, 'insured-periods/kg', { facts: { periods: [] } });
  await assert.rejects(send(home, id), fails('EVIDENCE_NOT_CONFIRMED'));
  await confirmEvidence(ctx, HER, id);
  await askAgain(ctx, HER, id, 'insured-periods/ru');
  await answerQuestion(home, id, 'insured-periods/ru');
  await assert.rejects(send(home, id), fails('EVIDENCE_NOT_CONFIRMED'));
});

test('nothing is sent while an answer is out, refused or past its time', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  ctx.clock.advance(31 * 86_400_000);
  const opened = await openDraft(ctx, HER, id);
  assert.deepEqual(await cardsOfDraft(ctx, ctx.db, opened), []);
  await assert.rejects(send(home, id), fails('EVIDENCE_INCOMPLETE'));
  await assert.rejects(confirmEvidence(ctx, HER, id), fails('EVIDENCE_INCOMPLETE'));
  await askEvidence(ctx, HER, id);
  assert.equal((await cardOf(home, id, 'insured-periods/ru'))?.status, 'asked');
  await assert.rejects(send(home, id), fails('EVIDENCE_INCOMPLETE'));
});

test('a form that is not complete is not sent', async (t) => {
  const home = await testHome(t);
  const id = await filledDraft(home);
  await fill(home.ctx, HER, id, 'work', { statesOfWork: ['kz'] });
  await assert.rejects(send(home, id), fails('DRAFT_INCOMPLETE'));
});

test('a contract that a deciding state has not ratified for the day is refused before anything is filed', async (t) => {
  const home = await testHome(t);
  const id = await readyDraft(home);
  // The store of ratifications only grows: another day stands for one that has ended.
  const { trust } = home.ctx;
  const ratifications: typeof trust.ratifications = (state, name, day) =>
    state === 'ru' ? [] : trust.ratifications(state, name, day);
  const ctx = { ...home.ctx, trust: Object.create(trust, { ratifications: { value: ratifications } }) };
  await assert.rejects(send({ ...home, ctx }, id), fails('AGREEMENT_NOT_RATIFIED'));
  await assert.rejects(getApplication(ctx.db, HER.person, id), fails('APPLICATION_NOT_FOUND'));
});

test('what was sent cannot be changed, asked for, thrown away or sent again', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await send(home, id);
  for (const change of [
    () => askEvidence(ctx, HER, id),
    () => askAgain(ctx, HER, id, 'insured-periods/ru'),
    () => waiveEvidence(ctx, HER, id, 'insured-periods/ru'),
    () => confirmEvidence(ctx, HER, id),
    () => fill(ctx, HER, id, 'contact', { contactLanguage: 'kk' }),
  ]) {
    await assert.rejects(change(), fails('DRAFT_SUBMITTED'));
  }
  const before = await listTransactions(ctx.db, { application: id });
  assert.equal(await send(home, id), id);
  assert.deepEqual(await listTransactions(ctx.db, { application: id }), before);
});
