import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { getAgreement } from '../load.ts';
import { inCheckout } from '../testing.ts';
import type { Agreement, DecisionDeadline } from '../types.ts';
import { claimsOf } from './claims.ts';
import { decide } from './decide.ts';
import { bySilence } from './silence.ts';
import type { Decision } from './types.ts';

const DUE = '2025-07-10';

describe('the silence of an authority', () => {
  let parking: Agreement;
  let right: Decision;
  before(async () => {
    parking = await getAgreement(inCheckout('src', 'agreements', 'fixtures', 'good'));
    right = decide(parking, {
      ...{ service: 'permit', state: 'kz', home: 'kz' },
      answers: { towns: ['kz'], zone: 'outer', nights: 15, consent: true },
      evidence: [{ type: 'residence', state: 'kz', result: 'found', facts: { town: 'Almaty', since: '2020-01-01' } }],
      dates: { claim: '2025-06-30' },
    });
  });
  const meaning = (deadline: Partial<DecisionDeadline>): Agreement => {
    const service = parking.services.permit ?? assert.fail();
    return { ...parking, services: { permit: { ...service, deadline: { ...service.deadline, ...deadline } } } };
  };

  it('grants, and says by which article, when, and what the rules had said', () => {
    assert.equal(right.outcome, 'partly');
    const made = bySilence(parking, 'permit', right, DUE) ?? assert.fail();
    assert.equal(made.outcome, 'granted');
    assert.deepEqual(made.silence, {
      ...{ consequence: 'approve', article: 'parking-law', source: 'law', due: DUE, said: 'partly' },
    });
    assert.deepEqual([made.explanation, made.values], [right.explanation, right.values]);
    assert.deepEqual(claimsOf(parking, 'permit', { state: 'kz', decision: made }), { town: 'kz', fee: 120 });
  });

  it('decides by one law, whatever the rules have said and whatever is waited for', () => {
    const outcome = fc.constantFrom('granted', 'partly', 'refused', 'undecided' as const);
    const said = fc.constantFrom('granted', 'partly', 'refused', null);
    const reason = fc.constantFrom('notAsked', 'ambiguous', 'unproven', 'unanswered');
    const silence = fc.constantFrom('approve', 'refuse', 'escalate');
    fc.assert(
      fc.property(outcome, said, fc.array(reason, { maxLength: 3 }), silence, (proposed, value, reasons, means) => {
        const agreement = meaning({ silence: means as DecisionDeadline['silence'] });
        const decision = {
          ...right,
          outcome: proposed,
          explanation: right.explanation.map((one) => (one.rule === 'outcome' ? { ...one, value } : one)),
          pending: reasons.map((one) => ({ type: 'residence', state: 'kz', reason: one })),
        } as Decision;
        const made = bySilence(agreement, 'permit', decision, DUE);
        if (means === 'escalate' || value === null) return made === undefined;
        // A late answer of another authority never refuses.
        if (means === 'refuse') return (made !== undefined) === (reasons.length === 0) && made?.outcome !== 'granted';
        // Nor does it keep her waiting: what is granted by silence is granted although it is late.
        const late = reasons.every((one) => one === 'unanswered');
        if (proposed !== 'undecided' || late) return made?.outcome === 'granted';
        return made === undefined;
      }),
    );
  });

  it('is one, however often it is asked', () => {
    const made = bySilence(parking, 'permit', right, DUE) ?? assert.fail();
    assert.deepEqual(bySilence(parking, 'permit', made, DUE), made);
  });

  it('decides nothing without an article', () => {
    const { article: _none, ...rest } = parking.services.permit?.deadline ?? assert.fail();
    const service = { ...(parking.services.permit ?? assert.fail()), deadline: rest };
    assert.equal(bySilence({ ...parking, services: { permit: service } }, 'permit', right, DUE), undefined);
  });
});
