import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JoinedBody } from '../applications/index.ts';
import { NOW } from '../applications/testing.ts';
import { fails, granted } from './testing-joins.ts';

test('an award waits for the others: its decision is told, no document is issued and nobody else is told', async (t) => {
  const { answers, transaction, file, told } = await granted(t);
  const { state } = await file();
  assert.equal(state.phase, 'decided');
  assert.equal(state.document, undefined);
  const answer = (await answers(transaction)).at(-1)?.body as { decision?: object; document?: object };
  assert.notEqual(answer.decision, undefined);
  assert.equal(answer.document, undefined);
  assert.equal(await told(), 0);
});

test('takes effect once all have granted, by their own signatures: once, however often it is said', async (t) => {
  const { own, theirs, arrive, file, sent, told } = await granted(t);
  const decisions = [own, theirs('granted')];
  await arrive({ decisions });
  await arrive({ decisions });
  const { state, actions } = await file();
  assert.equal(state.joined, 'granted');
  assert.deepEqual(
    actions.slice(-2).map(({ verb }) => verb),
    ['join', 'notify'],
  );
  const awards = await sent('joined-award');
  assert.deepEqual(
    awards.map(({ document }) => document?.id),
    [state.document],
  );
  assert.notEqual(state.document, undefined);
  assert.equal(await told(), 1);
});

test('takes no effect where another refuses, and its decision stays with its reasons', async (t) => {
  const { own, theirs, arrive, file, sent, told } = await granted(t);
  await arrive({ decisions: [own, theirs('refused')] });
  await arrive({ decisions: [own, theirs('granted')] });
  const { state } = await file();
  assert.deepEqual([state.joined, state.document, state.decision?.payload.outcome], ['refused', undefined, 'granted']);
  assert.deepEqual(await sent('joined-award'), []);
  assert.equal(await told(), 0);
});

test('with the join "all" a refusal elsewhere leaves the own award standing', async (t) => {
  const { own, theirs, arrive, file } = await granted(t, 'all');
  await arrive({ decisions: [own, theirs('refused')] });
  const { state } = await file();
  assert.equal(state.joined, 'partly');
  assert.notEqual(state.document, undefined);
});

test('is blocked by home’s word that an authority did not take the claim', async (t) => {
  const { own, arrive, file } = await granted(t);
  await arrive({ decisions: [own], refused: ['kz'] });
  assert.equal((await file()).state.joined, 'refused');
});

test('nothing follows from what does not prove itself', async (t) => {
  const { own, theirs, arrive, file, sent } = await granted(t);
  const right = theirs('granted');
  const forged = { ...right, payload: { ...right.payload, decidedAt: '2026-11-22T10:00:01.000Z' } };
  const wrong: [string, Partial<JoinedBody>, string][] = [
    ['one has not decided', { decisions: [own] }, 'JOIN_INVALID'],
    ['a decision was changed', { decisions: [own, forged] }, 'DECISION_INVALID'],
    ['another agency signed', { decisions: [own, theirs('granted', {}, 'kz.population')] }, 'DECISION_INVALID'],
    ['of another application', { decisions: [own, theirs('granted', { application: 'x' })] }, 'DECISION_INVALID'],
    ['of another person', { decisions: [own, theirs('granted', { reference: 'x' })] }, 'DECISION_INVALID'],
    ['one decided twice', { decisions: [own, right, right] }, 'JOIN_INVALID'],
    ['one who does not decide', { decisions: [own, theirs('granted', { state: 'am' })] }, 'JOIN_INVALID'],
    ['our own decision is not among them', { decisions: [right], refused: [] }, 'JOIN_INVALID'],
    ['home says that we refused', { decisions: [right], refused: ['ru'] }, 'JOIN_INVALID'],
    ['home says that one refused who granted', { decisions: [own, right], refused: ['kz'] }, 'JOIN_INVALID'],
  ];
  for (const [name, body, code] of wrong) await assert.rejects(arrive(body), fails(code), name);
  await assert.rejects(arrive({ decisions: 'all' as never }), fails('JOIN_INVALID'));
  await arrive({ decisions: [own, right] }, 'am');
  assert.equal((await file()).state.joined, undefined, 'another home than hers is not heard');
  assert.deepEqual(await sent('joined-award'), []);
  assert.ok(own.payload.decidedAt >= NOW);
});
