import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf, NOW } from '../applications/testing.ts';
import { digestOf, randomId } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import { ANNA, LATER, lackingCase, OLEG } from './testing-supplements.ts';

test('what came late is taken into the case, the rules are run anew, and it is one more use of her data', async (t) => {
  const { ctx, body, arrive, file } = await lackingCase(t);
  const before = await file();
  assert.equal(before.state.proposal?.decision.outcome, 'undecided');
  const entries = async () => (await ctx.db.query('select 1 from access_entries')).length;
  const had = await entries();
  await arrive(body());
  const { state, actions, row } = await file();
  assert.equal(state.proposal?.decision.outcome, 'granted');
  assert.deepEqual(
    actions.map(({ verb }) => verb),
    ['open', 'propose', 'supplement', 'propose'],
  );
  assert.equal(row.filedOn, NOW.slice(0, 10));
  assert.equal(state.proposal?.decision.dates.claim, NOW.slice(0, 10));
  assert.equal(await entries(), had + 1);
});

test('delivered twice, or sealed twice, it is taken once', async (t) => {
  const { body, arrive, file } = await lackingCase(t);
  const given = body();
  await arrive(given);
  await arrive(given);
  await arrive(body({ payload: { at: '2026-11-24T10:00:00.001Z' } }));
  assert.equal((await file()).actions.filter(({ verb }) => verb === 'supplement').length, 1);
});

test('who confirmed before it came has confirmed less than there is now', async (t) => {
  const { ctx, id, body, arrive, file } = await lackingCase(t, 'insured-periods/kz');
  const before = (await file()).state;
  assert.equal(before.proposal?.decision.outcome, 'granted');
  const seen = { proposal: before.proposal?.digest ?? '', basis: before.basis };
  await confirmCase(ctx, ANNA, id, seen);
  await arrive(body());
  const after = (await file()).state;
  assert.deepEqual(after.confirmations, []);
  await assert.rejects(confirmCase(ctx, OLEG, id, seen), (error) => isFailure(error, 'CASE_MOVED'));
});

test('what does not prove itself is refused, and the case stays as it was', async (t) => {
  const { decider, body, arrive, file } = await lackingCase(t);
  const { founded, agreement } = decider;
  const other = { application: randomId() };
  const stranger = founded.keys.kg?.messages;
  const agency = founded.keys.kz?.agencies['kz.pension-fund'];
  assert.ok(stranger && agency);
  const foreign = evidenceOf(founded, agreement, {
    ...{ type: 'insured-periods', state: 'kz', at: LATER },
    application: body().supplement.payload.application,
    reference: body().supplement.payload.reference,
  });
  const invalid = 'SUPPLEMENT_INVALID';
  const cases: Record<string, [() => Promise<void>, string]> = {
    'sealed by another state': [() => arrive(body({ by: stranger })), invalid],
    'sealed by an agency': [() => arrive(body({ by: agency })), invalid],
    'brought by another state': [() => arrive(body(), 'kg'), invalid],
    'changed after it was sealed': [() => arrive({ ...body(), evidence: foreign }), invalid],
    'of another person': [() => arrive(body({ payload: { reference: 'another' } })), invalid],
    'by another person': [
      () => arrive(body({ payload: { actor: { reference: 'another', assurance: 'substantial' } } })),
      invalid,
    ],
    'by somebody hardly signed in': [
      () => arrive(body({ payload: { actor: { ...body().supplement.payload.actor, assurance: 'low' } } })),
      invalid,
    ],
    'before she applied': [() => arrive(body({ payload: { at: '2026-11-22T09:59:59.999Z' } })), invalid],
    'in the future': [() => arrive(body({ payload: { at: '2026-11-24T10:01:00.001Z' } })), invalid],
    'of a kind that was not missing': [
      () =>
        arrive({
          supplement: body({
            payload: { key: 'insured-periods/kz', evidence: digestOf(foreign as unknown as Json) },
          }).supplement,
          evidence: foreign,
        }),
      invalid,
    ],
    'evidence under another key': [
      () =>
        arrive({
          supplement: body({ payload: { evidence: digestOf(foreign as unknown as Json) } }).supplement,
          evidence: foreign,
        }),
      invalid,
    ],
    'evidence for another application': [() => arrive(body({ evidence: other })), 'REGISTERS_EVIDENCE_OTHER'],
    'evidence past its time': [
      () => arrive(body({ evidence: { validUntil: '2026-11-24T09:59:59.999Z' } })),
      'REGISTERS_EVIDENCE_EXPIRED',
    ],
    'facts of another form': [
      () => arrive(body({ evidence: { facts: { periods: [], more: 1 } } })),
      'AGREEMENT_FACTS_REFUSED',
    ],
    'a form with more in it': [() => arrive({ ...body(), more: 1 } as never), invalid],
  };
  for (const [name, [send, code]] of Object.entries(cases)) {
    await assert.rejects(send(), (error) => isFailure(error, code) || assert.fail(`${name}: ${String(error)}`), name);
  }
  assert.deepEqual(
    (await file()).actions.map(({ verb }) => verb),
    ['open', 'propose'],
  );
});

test('for an application that has no case here, and after the decision, it changes nothing', async (t) => {
  const { ctx, id, body, arrive, file } = await lackingCase(t);
  await arrive(body({ payload: { application: randomId() } }));
  await arrive(body());
  const { state } = await file();
  const seen = { proposal: state.proposal?.digest ?? '', basis: state.basis };
  await confirmCase(ctx, ANNA, id, seen);
  await confirmCase(ctx, OLEG, id, seen);
  const decided = await file();
  assert.equal(decided.state.phase, 'decided');
  await arrive(body({ payload: { at: '2026-11-24T10:00:00.002Z' } }));
  assert.equal((await file()).actions.length, decided.actions.length);
});
