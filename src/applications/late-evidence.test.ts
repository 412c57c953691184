import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { digestOf, type Sealed, signersOf } from '../crypto/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import type { Evidence } from '../registers/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { waiveEvidence } from './ask.ts';
import { markRefused } from './case-rows.ts';
import { openDraft } from './drafts.ts';
import { evidenceOverdue } from './evidence-answers.ts';
import { addLateEvidence, SUPPLEMENT } from './late-evidence.ts';
import { getApplication } from './read.ts';
import { confirmEvidence } from './submit.ts';
import { actor, answerQuestion, cardOf, readyDraft, send, type TestHome, testHome, transactionOf } from './testing.ts';
import type { SealedSupplement } from './types.ts';

const HER = actor();
const KEY = 'insured-periods/ru';
const fails = (code: string) => (error: unknown) => isFailure(error, code) || assert.fail(String(error));

/** Everything is there but Russia's periods, whose time is over, and she goes on without them. */
async function goneOn(home: TestHome): Promise<string> {
  const { ctx } = home;
  const id = await readyDraft(home);
  await ctx.db.query(
    `update application_evidence set status = 'asked', evidence = null, received_at = null where application = $1 and key = $2`,
    [id, KEY],
  );
  const transaction = await transactionOf(home, (await cardOf(home, id, KEY))?.transaction ?? '');
  await ctx.db.transaction((tx) => evidenceOverdue(ctx, tx, transaction));
  await waiveEvidence(ctx, HER, id, KEY);
  await confirmEvidence(ctx, HER, id);
  return id;
}

/** The same, sent; then Russia answers. */
async function answeredLate(t: TestContext) {
  const home = await testHome(t);
  const id = await goneOn(home);
  await send(home, id);
  await answerQuestion(home, id, KEY);
  return { home, ctx: home.ctx, id };
}

async function supplements({ ctx }: TestHome): Promise<{ receiver: string; lane: string; body: Json }[]> {
  const rows = await ctx.db.query<{ receiver: string; lane: string; body: Buffer }>(
    'select receiver, lane, body from exchange_sent where type = $1 order by receiver',
    [SUPPLEMENT],
  );
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body.toString('utf8')) as Json }));
}

test('what did not come in time is sealed as unanswered, not as left out by her', async (t) => {
  const home = await testHome(t);
  const id = await goneOn(home);
  await send(home, id);
  const { sealed } = await getApplication(home.ctx.db, HER.person, id);
  assert.deepEqual([sealed.payload.waived, sealed.payload.unanswered], [[], [KEY]]);
});

test('an answer that comes between her going on and her sending is looked at before anything is sent', async (t) => {
  const home = await testHome(t);
  const id = await goneOn(home);
  await answerQuestion(home, id, KEY);
  assert.equal((await cardOf(home, id, KEY))?.status, 'received');
  assert.equal((await openDraft(home.ctx, HER, id)).draft.confirmed, false);
  await assert.rejects(send(home, id), fails('EVIDENCE_NOT_CONFIRMED'));
});

test('an answer that comes after she applied waits for her, and goes nowhere before she has added it', async (t) => {
  const { home, ctx, id } = await answeredLate(t);
  assert.equal((await cardOf(home, id, KEY))?.status, 'late');
  const letters = (await lettersOf(ctx.db, HER.person)).map(({ kind, link }) => [kind, link]);
  assert.deepEqual(letters[0], ['lateEvidence', `/applications/${id}`]);
  assert.deepEqual(await supplements(home), []);
});

test('added, it goes once to every authority that has not decided, in the lane of the claim, under the seal of her node', async (t) => {
  const { home, ctx, id } = await answeredLate(t);
  await Promise.all([addLateEvidence(ctx, HER, id, KEY), addLateEvidence(ctx, HER, id, KEY)]);
  await addLateEvidence(ctx, HER, id, KEY);
  const sent = await supplements(home);
  assert.deepEqual(
    sent.map(({ receiver, lane }) => [receiver, lane]),
    [
      ['kz', id],
      ['ru', id],
    ],
  );
  const { supplement, evidence } = (sent[0]?.body ?? {}) as unknown as {
    supplement: Sealed<SealedSupplement>;
    evidence: Sealed<Evidence>;
  };
  assert.equal(signersOf(supplement, 'supplement', [ctx.keys.messages.public]).length, 1);
  const { application, key, evidence: digest } = supplement.payload;
  assert.deepEqual([application, key, digest], [id, KEY, digestOf(evidence as unknown as Json)]);
  assert.equal((await cardOf(home, id, KEY))?.status, 'received');
});

test('an authority whose case is over receives nothing more', async (t) => {
  const { home, ctx, id } = await answeredLate(t);
  await ctx.db.transaction((tx) => markRefused(tx, id, 'kz', 'CLAIM_INVALID'));
  await addLateEvidence(ctx, HER, id, KEY);
  assert.deepEqual(
    (await supplements(home)).map(({ receiver }) => receiver),
    ['ru'],
  );
});

test('a late answer that does not prove itself, or that no case waits for, changes nothing', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await goneOn(home);
  await send(home, id);
  await answerQuestion(home, id, KEY, { purpose: 'curiosity' });
  assert.equal((await cardOf(home, id, KEY))?.status, 'unanswered');
  for (const state of ['kz', 'ru']) await ctx.db.transaction((tx) => markRefused(tx, id, state, 'CLAIM_INVALID'));
  await answerQuestion(home, id, KEY);
  assert.equal((await cardOf(home, id, KEY))?.status, 'unanswered');
});

test('nobody adds to another person’s application, and nothing but what came late is added', async (t) => {
  const { home, ctx, id } = await answeredLate(t);
  await assert.rejects(addLateEvidence(ctx, actor('marat'), id, KEY), fails('APPLICATION_NOT_FOUND'));
  await assert.rejects(addLateEvidence(ctx, HER, id, 'insured-periods/kz'), fails('EVIDENCE_NOT_LATE'));
  await assert.rejects(addLateEvidence(ctx, HER, id, 'insured-periods/by'), fails('EVIDENCE_NOT_LATE'));
  assert.deepEqual(await supplements(home), []);
});
