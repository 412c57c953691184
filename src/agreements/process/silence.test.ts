import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { getAgreement } from '../load.ts';
import { inCheckout } from '../testing.ts';
import type { Agreement, DecisionDeadline } from '../types.ts';
import { explore } from './explore.ts';
import { modelOf, type ProcessState } from './model.ts';

describe('silence in the model of a process', () => {
  let parking: Agreement;
  before(async () => {
    parking = await getAgreement(inCheckout('src', 'agreements', 'fixtures', 'good'));
  });
  const outcomes: ProcessState['outcome'][] = ['granted', 'partly', 'refused', 'undecided'];

  /** Every step by silence: from which state, and to which outcome. */
  function silences(silence: DecisionDeadline['silence']) {
    const service = parking.services.permit ?? assert.fail();
    const { machine } = modelOf(parking, { ...service, deadline: { ...service.deadline, silence } }, outcomes);
    return explore(machine).states.flatMap((from) =>
      machine.steps(from).flatMap(({ to, tells }) => (/by silence/.test(tells) ? [{ from, to }] : [])),
    );
  }

  it('decides where officers are waited for and the rules have spoken, and nowhere else', () => {
    for (const [silence, outcome] of [
      ['approve', 'granted'],
      ['refuse', 'refused'],
    ] as const) {
      const found = silences(silence);
      assert.deepEqual(
        found.map(({ from }) => [from.stage, from.outcome]),
        [
          [1, 'granted'],
          [1, 'partly'],
          [1, 'refused'],
        ],
      );
      assert.ok(found.every(({ to }) => to.outcome === outcome));
    }
  });

  it('that only escalates decides nothing', () => {
    assert.deepEqual(silences('escalate'), []);
  });
});
