import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Joined, joinDecisions } from './join.ts';
import type { Outcome } from './types.ts';

type Row = [('granted' | 'partly' | 'refused' | undefined)[], Joined, Joined];

/** Outcomes; what they come to where all decide; where any refusal blocks. */
const TABLE: Row[] = [
  [[], 'waiting', 'waiting'],
  [[undefined], 'waiting', 'waiting'],
  [['granted'], 'granted', 'granted'],
  [['refused'], 'refused', 'refused'],
  [['granted', 'granted'], 'granted', 'granted'],
  [['granted', 'partly'], 'partly', 'partly'],
  [['granted', 'refused'], 'partly', 'refused'],
  [['refused', 'refused'], 'refused', 'refused'],
  [['granted', undefined], 'waiting', 'waiting'],
  [['refused', undefined], 'waiting', 'refused'],
  [['partly', 'refused', undefined], 'waiting', 'refused'],
];

const outcomes = fc.array(fc.constantFrom<Outcome | undefined>('granted', 'partly', 'refused', undefined), {
  maxLength: 6,
});

describe('what several deciders come to together', () => {
  for (const [given, all, any] of TABLE) {
    it(`${given.map((one) => one ?? 'out').join(', ') || 'nobody'}: ${all} where all decide, ${any} where a refusal blocks`, () => {
      assert.equal(joinDecisions('all', given), all);
      assert.equal(joinDecisions('anyRefusalBlocks', given), any);
      assert.equal(joinDecisions('independent', given), undefined);
    });
  }

  it('does not depend on their order', () => {
    fc.assert(
      fc.property(outcomes, (given) => {
        for (const join of ['all', 'anyRefusalBlocks'] as const) {
          assert.equal(joinDecisions(join, given.toReversed()), joinDecisions(join, given));
        }
      }),
    );
  });

  it('is never taken back by who decides later', () => {
    fc.assert(
      fc.property(outcomes, fc.constantFrom<Outcome>('granted', 'partly', 'refused'), (given, later) => {
        const open = given.indexOf(undefined);
        for (const join of ['all', 'anyRefusalBlocks'] as const) {
          const before = joinDecisions(join, given);
          if (before === 'waiting' || open === -1) continue;
          assert.equal(joinDecisions(join, given.with(open, later)), before);
        }
      }),
    );
  });
});
