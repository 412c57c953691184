import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomId } from '../crypto/index.ts';
import { decidedCase } from './testing-corrections.ts';

test('a request waits in the case with its evidence, is one more use of her data, and decides nothing', async (t) => {
  const { ctx, ask, file } = await decidedCase(t);
  const entries = async () => (await ctx.db.query('select 1 from access_entries')).length;
  const before = (await file()).state;
  const had = await entries();
  await ask();
  const { state, row, correctable } = await file();
  assert.deepEqual([state.decision, state.evidence], [before.decision, before.evidence]);
  assert.deepEqual([state.asked.length, state.renewed.length, row.correction], [1, 1, 'asked']);
  assert.deepEqual([correctable?.now.outcome, correctable?.differs], ['granted', true]);
  assert.equal(await entries(), had + 1);
});

test('words without new evidence are a request too, and leave what the rules say as it was', async (t) => {
  const { ask, request, file } = await decidedCase(t);
  await ask(request({ without: true }));
  const { state, correctable } = await file();
  assert.deepEqual([state.asked.length, correctable?.differs], [1, false]);
});

test('she asks herself for what somebody had sent for her by her mandate, with evidence about her', async (t) => {
  const holder = { kind: 'organisation' as const, number: 'KZ-C-000101', name: 'Ертіс' };
  const mandate = { kind: 'given' as const, id: randomId(), holder, service: 'pension/pension', until: '2026-12-31' };
  const actor = { reference: 'of the officer', assurance: 'substantial' as const, mandate, language: 'en' };
  const { ask, request, file, answers } = await decidedCase(t, undefined, undefined, {
    ...{ service: { byMandate: 'organisation' }, actor },
  });
  const about = { kind: 'organisation' as const, number: 'KZ-C-000101' };
  const wrong = request({ evidence: { subject: { home: 'kz', reference: 'reference of kz', represented: about } } });
  const code = 'REGISTERS_EVIDENCE_OTHER';
  assert.deepEqual(await answers(await ask(wrong)), [{ type: 'transaction/refused', body: { code } }]);
  await ask();
  const { state, correctable } = await file();
  assert.deepEqual([state.asked.length, correctable?.now.outcome], [1, 'granted']);
});

test('what does not prove itself, or cannot be followed, is refused with a code, and the case stays as it was', async (t) => {
  const { founded, ask, request, file, answers } = await decidedCase(t);
  const stranger = founded.keys.kg?.messages;
  const agency = founded.keys.kz?.agencies['kz.pension-fund'];
  assert.ok(stranger && agency);
  const invalid = 'CORRECTION_REQUEST_INVALID';
  const right = request();
  const cases: Record<string, [() => Promise<string>, string]> = {
    'sealed by another state': [() => ask(request({ by: stranger })), invalid],
    'sealed by an agency': [() => ask(request({ by: agency })), invalid],
    'brought by another state': [() => ask(right, { from: 'kg' }), invalid],
    'for another agency': [() => ask(right, { toAgency: 'ru.population' }), invalid],
    'for an application that is not here': [() => ask(request({ payload: { application: randomId() } })), invalid],
    'of another person': [() => ask(request({ payload: { reference: 'another' } })), invalid],
    'for another state': [() => ask(request({ payload: { state: 'kg' } })), invalid],
    'by somebody hardly signed in': [
      () => ask(request({ payload: { actor: { ...right.request.payload.actor, assurance: 'low' } } })),
      invalid,
    ],
    'in the future': [() => ask(request({ payload: { at: '2026-11-24T10:01:00.001Z' } })), invalid],
    'without words': [() => ask(request({ payload: { reason: '' } })), invalid],
    'of a decision that does not stand': [
      () => ask(request({ payload: { decision: 'f'.repeat(64) } })),
      'CORRECTION_OVERTAKEN',
    ],
    'by another transaction': [() => ask(right, { code: 'P.PN.01.TRN.002' }), 'CORRECTION_NOT_AGREED'],
    'with evidence that was not sealed': [
      () => ask({ ...right, evidence: request({ evidence: { id: 'x' } }).evidence }),
      invalid,
    ],
    'with evidence nobody asked for': [() => ask(request({ of: { type: 'insured-periods', state: 'kg' } })), invalid],
    'with evidence no newer than what is known': [
      () => ask(request({ evidence: { issuedAt: '2026-11-22T10:00:00.000Z' } })),
      invalid,
    ],
    'with evidence for another application': [
      () => ask(request({ evidence: { application: randomId() } })),
      'REGISTERS_EVIDENCE_OTHER',
    ],
    'with evidence past its time': [
      () => ask(request({ evidence: { validUntil: '2026-11-24T09:59:59.999Z' } })),
      'REGISTERS_EVIDENCE_EXPIRED',
    ],
    'with facts of another form': [
      () => ask(request({ evidence: { facts: { periods: [], more: 1 } } })),
      'AGREEMENT_FACTS_REFUSED',
    ],
    'with more in its form': [() => ask({ ...right, more: 1 } as never), invalid],
  };
  const before = (await file()).actions.length;
  for (const [name, [send, code]] of Object.entries(cases)) {
    assert.deepEqual(await answers(await send()), [{ type: 'transaction/refused', body: { code } }], name);
  }
  assert.equal((await file()).actions.length, before);
  await ask();
  const second = await ask();
  assert.deepEqual(await answers(second), [
    { type: 'transaction/refused', body: { code: 'CORRECTION_REQUEST_TWICE' } },
  ]);
});
