import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal } from '../crypto/index.ts';
import { findLinks } from '../persons/index.ts';
import type { Evidence } from '../registers/index.ts';
import { isFailure } from '../storage/index.ts';
import { askAgain, askEvidence, waiveEvidence } from './ask.ts';
import { discardDraft, openDraft } from './drafts.ts';
import { evidenceOverdue, evidenceRefused } from './evidence-answers.ts';
import { confirmEvidence } from './submit.ts';
import {
  actor,
  answerQuestion,
  cardOf,
  deliverEvidence,
  evidenceOf,
  fill,
  filledDraft,
  readyDraft,
  send,
  testHome,
  transactionOf,
} from './testing.ts';

const HER = actor();
const KEY = 'insured-periods/ru';
const fails = (code: string) => (error: unknown) => isFailure(error, code) || assert.fail(String(error));

test('an answer that is not exactly what was asked is shown as refused, with its code', async (t) => {
  const home = await testHome(t);
  const { ctx, founded, agreement } = home;
  const id = await filledDraft(home);
  await askEvidence(ctx, HER, id);
  const card = await cardOf(home, id, KEY);
  const transaction = await transactionOf(home, card?.transaction ?? '');
  const { reference } = (await openDraft(ctx, HER, id)).draft;
  const of = { type: 'insured-periods', state: 'ru', application: id, reference, request: card?.request };
  const wrong = (change: Partial<Evidence>) =>
    evidenceOf(founded, agreement, of as Parameters<typeof evidenceOf>[2], change);
  const right = wrong({});
  const node = founded.keys.ru?.messages;
  const neighbour = founded.keys.ru?.agencies['ru.population'];
  if (node === undefined || neighbour === undefined) throw new Error('no keys');
  const cases: [unknown, string][] = [
    [null, 'REGISTERS_EVIDENCE_FORGED'],
    [{ ...right, signatures: [] }, 'REGISTERS_EVIDENCE_FORGED'],
    [seal('evidence', right.payload, [node]), 'REGISTERS_EVIDENCE_FORGED'],
    [seal('evidence', right.payload, [neighbour]), 'REGISTERS_EVIDENCE_FORGED'],
    [{ ...right, payload: { ...right.payload, facts: { periods: [] } } }, 'REGISTERS_EVIDENCE_FORGED'],
    [wrong({ type: 'identity' }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ application: '01939d3c-0000-7000-8000-000000000001' }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ subject: { home: 'kz', reference: 'another' } }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ subject: { home: 'kg', reference } }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ request: 'f'.repeat(64) }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ agreement: 'f'.repeat(64) }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ schema: 'f'.repeat(64) }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ purpose: 'curiosity' }), 'REGISTERS_EVIDENCE_OTHER'],
    [wrong({ facts: { periods: [], more: 1 } }), 'AGREEMENT_FACTS_REFUSED'],
    [wrong({ validUntil: '2026-11-21T10:00:00.000Z' }), 'REGISTERS_EVIDENCE_EXPIRED'],
  ];
  for (const [body, code] of cases) {
    await deliverEvidence(home, transaction, body);
    const shown = await cardOf(home, id, KEY);
    assert.deepEqual([shown?.status, shown?.refusal, shown?.evidence], ['refused', code, undefined]);
  }
  await deliverEvidence(home, transaction, right);
  assert.equal((await cardOf(home, id, KEY))?.status, 'received');
});

test('an answer to an earlier question counts for nothing, whoever brings it', async (t) => {
  const home = await testHome(t);
  const { ctx, founded, agreement } = home;
  const id = await filledDraft(home);
  await askEvidence(ctx, HER, id);
  const before = await cardOf(home, id, KEY);
  const { reference } = (await openDraft(ctx, HER, id)).draft;
  const of = { type: 'insured-periods', state: 'ru', application: id, reference, request: before?.request ?? '' };
  const late = evidenceOf(founded, agreement, of);
  await askAgain(ctx, HER, id, KEY, 'RU-P-000123');
  const after = await cardOf(home, id, KEY);
  assert.notEqual(after?.request, before?.request);
  await deliverEvidence(home, await transactionOf(home, before?.transaction ?? ''), late);
  assert.equal((await cardOf(home, id, KEY))?.status, 'asked');
  await deliverEvidence(home, await transactionOf(home, after?.transaction ?? ''), late);
  assert.equal((await cardOf(home, id, KEY))?.refusal, 'REGISTERS_EVIDENCE_OTHER');
});

test('what she waived, threw away or has sent complete is not changed by what comes late', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await waiveEvidence(ctx, HER, id, KEY);
  await answerQuestion(home, id, KEY);
  assert.deepEqual((await cardOf(home, id, KEY))?.status, 'waived');
  const transaction = await transactionOf(home, (await cardOf(home, id, KEY))?.transaction ?? '');
  for (const late of [evidenceOverdue, evidenceRefused]) {
    await ctx.db.transaction((tx) => late(ctx, tx, transaction, 'REGISTERS_RATE'));
    assert.deepEqual((await cardOf(home, id, KEY))?.status, 'waived');
  }
  await send(home, id);
  await answerQuestion(home, id, 'identity/kz', { result: 'none', facts: null });
  assert.equal((await cardOf(home, id, 'identity/kz'))?.evidence?.payload.result, 'found');

  const other = await filledDraft(home);
  await askEvidence(ctx, HER, other);
  const asked = await transactionOf(home, (await cardOf(home, other, KEY))?.transaction ?? '');
  await discardDraft(ctx, HER, other);
  await deliverEvidence(home, asked, null);
  assert.equal(await cardOf(home, other, KEY), undefined);
});

test('a number that she changes on the form takes what was answered by the old one with it', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await fill(ctx, HER, id, 'numbers', { foreignNumbers: { ru: 'RU-P-000999' } });
  assert.equal(await cardOf(home, id, KEY), undefined);
  assert.equal((await cardOf(home, id, 'insured-periods/kz'))?.status, 'received');
  await assert.rejects(confirmEvidence(ctx, HER, id), fails('EVIDENCE_INCOMPLETE'));
  assert.deepEqual(await findLinks(ctx.db, HER.person), []);
  await askEvidence(ctx, HER, id);
  await answerQuestion(home, id, KEY);
  await confirmEvidence(ctx, HER, id);
  assert.deepEqual(
    (await findLinks(ctx.db, HER.person)).map(({ state, number }) => [state, number]),
    [['ru', 'RU-P-000999']],
  );
});

test('a number is linked only where it was the one that was asked by', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await askAgain(ctx, HER, id, KEY, 'RU-P-000123');
  await answerQuestion(home, id, KEY);
  await confirmEvidence(ctx, HER, id);
  // A second number beside the linked one: only the new one goes out, so that only it can be what is found.
  await askAgain(ctx, HER, id, KEY, 'RU-P-000777');
  const rows = await ctx.db.query<{ body: Buffer }>(
    `select body from exchange_sent where receiver = 'ru' order by sequence desc limit 1`,
  );
  const asked = JSON.parse(rows[0]?.body.toString('utf8') ?? '{}');
  assert.deepEqual(asked.body.subject.ids, [
    { state: 'kz', value: 'KZ-T-000101' },
    { state: 'ru', value: 'RU-P-000777' },
  ]);
});

test('a number that the form would not take is not taken beside it either', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  for (const number of ['x'.repeat(41), '\u0000', 'a\u0007']) {
    await assert.rejects(askAgain(ctx, HER, id, KEY, number), fails('DRAFT_INCOMPLETE'));
  }
  await assert.rejects(askAgain(ctx, HER, id, 'insured-periods/kz', 'KZ-1'), fails('DRAFT_INCOMPLETE'));
  assert.equal((await cardOf(home, id, KEY))?.status, 'received');
});

test('asking twice at once asks once', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await filledDraft(home);
  await Promise.all(Array.from({ length: 4 }, () => askEvidence(ctx, HER, id)));
  const rows = await ctx.db.query(`select 1 from exchange_transaction where application = $1`, [id]);
  assert.equal(rows.length, 3);
});

test('asking again and again while an answer is out asks once, and once more by a new number', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  const asked = async () =>
    (await ctx.db.query('select 1 from exchange_transaction where application = $1', [id])).length;
  const before = await asked();
  await Promise.all(Array.from({ length: 5 }, () => askAgain(ctx, HER, id, KEY)));
  assert.equal(await asked(), before + 1);
  await Promise.all(Array.from({ length: 5 }, () => askAgain(ctx, HER, id, KEY, 'RU-P-000123')));
  assert.equal(await asked(), before + 2);
});
