import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { actionDigest, NO_ACTION, newSalt, payloadDigest, verifyChain } from './actions.ts';
import type { CaseAction } from './types.ts';

function chain(reasons: readonly string[]): CaseAction[] {
  let previous = NO_ACTION;
  return reasons.map((reason, index) => {
    const action = {
      case: '01939d3c-0000-7000-8000-000000000001',
      sequence: index + 1,
      key: `return/${index}`,
      at: '2026-03-02T08:00:00.000Z',
      verb: 'return' as const,
      actor: { kind: 'officer' as const, id: 'officer-a', agency: 'kz.pension-fund' },
      definition: 'c'.repeat(64),
      payloadDigest: payloadDigest('salt', { reason }),
      previous,
      payload: { reason },
    };
    previous = actionDigest(action);
    return { ...action, digest: previous };
  });
}

const broken = (error: unknown) => isFailure(error, 'CASE_LOG_BROKEN');

describe('the log of a case', () => {
  test('holds however long it is', () => {
    fc.assert(fc.property(fc.array(fc.string(), { maxLength: 20 }), (reasons) => verifyChain(chain(reasons))));
  });

  test('is broken by any action that is changed, left out, doubled or moved', () => {
    const whole = chain(['a', 'b', 'c', 'd']);
    const [first, second, third, fourth] = whole as [CaseAction, CaseAction, CaseAction, CaseAction];
    const wrong: CaseAction[][] = [
      [second, third, fourth],
      [first, third, fourth],
      [first, second, second, third],
      [first, third, second, fourth],
      [first, { ...second, at: '2026-03-02T08:00:00.001Z' }, third, fourth],
      [first, { ...second, actor: { ...second.actor, id: 'officer-b' } }, third, fourth],
      [first, { ...second, payloadDigest: payloadDigest('salt', { reason: 'x' }) }, third, fourth],
      [first, second, third, { ...fourth, key: 'return/other' }],
    ];
    for (const actions of wrong) assert.throws(() => verifyChain(actions), broken);
  });

  test('does not tell an erased payload to somebody who guesses it', () => {
    assert.notEqual(payloadDigest(newSalt(), { reason: 'a' }), payloadDigest(newSalt(), { reason: 'a' }));
  });
});
