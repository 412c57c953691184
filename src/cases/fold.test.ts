import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fold } from './fold.ts';
import type { ActionActor, CaseAction } from './types.ts';

const officer = (id: string): ActionActor => ({ kind: 'officer', id, agency: 'kz.pension-fund' });

/** Only what a fold reads. */
function action(verb: CaseAction['verb'], payload: unknown, actor = officer('a')): CaseAction {
  return { verb, payload, actor, at: '2026-03-02T08:00:00.000Z' } as unknown as CaseAction;
}

const opened = action('open', { application: { kind: 'application' }, evidence: [] });
const proposed = (digest: string) => action('propose', { decision: { outcome: 'granted' }, digest });
const confirmed = (id: string) => action('confirm', { proposal: 'p1' }, officer(id));

describe('the state of a case', () => {
  test('is received before anything happened', () => {
    assert.equal(fold([]).phase, 'received');
  });

  test('is in progress from the moment it is opened', () => {
    const state = fold([opened]);
    assert.equal(state.phase, 'inProgress');
    assert.equal(state.stage, 'examination');
  });

  test('counts who confirmed the proposal that stands', () => {
    const state = fold([opened, proposed('p1'), confirmed('a'), confirmed('b')]);
    assert.deepEqual(
      state.confirmations.map(({ officer: { id } }) => id),
      ['a', 'b'],
    );
  });

  test('forgets confirmations when the proposal changes', () => {
    assert.deepEqual(fold([opened, proposed('p1'), confirmed('a'), proposed('p2')]).confirmations, []);
  });

  test('forgets confirmations when the case is sent back, and says why', () => {
    const state = fold([opened, proposed('p1'), confirmed('a'), action('return', { reason: 'a gap in 2022' })]);
    assert.deepEqual(state.confirmations, []);
    assert.equal(state.returned?.reason, 'a gap in 2022');
  });

  test('says when the time to decide has passed, and stays open', () => {
    const state = fold([opened, proposed('p1'), action('escalate', { due: '2026-04-01T00:00:00.000Z' })]);
    assert.equal(state.escalatedAt, '2026-03-02T08:00:00.000Z');
    assert.equal(state.phase, 'inProgress');
  });

  test('leaves its stage when it is decided', () => {
    const state = fold([opened, proposed('p1'), confirmed('a'), action('decide', { decision: { kind: 'decision' } })]);
    assert.equal(state.phase, 'decided');
    assert.equal(state.stage, undefined);
  });
});
