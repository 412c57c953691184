import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filedOf, fold } from './fold.ts';
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

describe('the state of a decided case', () => {
  const decided = [opened, proposed('p1'), confirmed('a'), confirmed('b'), made('decide', 'first', { document: 'd1' })];
  const piece = (id: string) => ({ payload: { id, type: 'periods', issuer: { state: 'ru' } } });
  const asked = (evidence: unknown[]) => action('askCorrection', { request: {}, evidence, transaction: 't' });
  const wanted = action('proposeCorrection', { digest: 'c1', reason: 'r', article: 'x', decision: {} }, officer('a'));
  const agreed = action('confirmCorrection', { proposal: 'c1' }, officer('b'));

  /** An action that signs a decision. */
  function made(verb: 'decide' | 'correct', decision: string, more: object) {
    return {
      ...action(verb, { decision: { kind: decision }, ...more }),
      digest: `action of ${decision}`,
    } as CaseAction;
  }

  test('stays decided while a correction is asked for, proposed and declined', () => {
    const state = fold([
      ...decided,
      asked([piece('new')]),
      wanted,
      action('declineCorrection', { of: 'proposal', reason: 'n' }),
    ]);
    assert.deepEqual([state.phase, state.decision?.kind, state.document], ['decided', 'first', 'd1']);
    assert.deepEqual([state.correction, state.asked.length, state.renewed.length], [undefined, 1, 1]);
    const after = fold([...decided, asked([]), action('declineCorrection', { of: 'requests', reason: 'n' })]);
    assert.deepEqual(after.asked, []);
  });

  test('loses a proposed correction to newer evidence, and keeps it where only words came', () => {
    assert.equal(fold([...decided, wanted, asked([piece('new')])]).correction, undefined);
    assert.equal(fold([...decided, wanted, asked([])]).correction?.digest, 'c1');
  });

  test('takes the corrected decision, its document and evidence, and keeps what stood', () => {
    const first = action('open', { application: { kind: 'application' }, evidence: [piece('old')] });
    const state = fold([
      first,
      ...decided.slice(1),
      asked([piece('new')]),
      wanted,
      agreed,
      made('correct', 'second', {}),
    ]);
    assert.deepEqual([state.decision?.kind, state.document, state.standing], ['second', undefined, 'action of second']);
    assert.deepEqual(
      state.evidence.map(({ payload }) => payload.id),
      ['new'],
    );
    assert.deepEqual(
      state.replaced.map(({ decision, document }) => [decision.kind, document]),
      [['first', 'd1']],
    );
    assert.deepEqual(
      state.confirmations.map(({ officer: { id } }) => id),
      ['a', 'b'],
    );
    assert.deepEqual([state.correction, state.asked, state.renewed], [undefined, [], []]);
  });

  test('of one who agrees with nothing that is proposed stays as it was', () => {
    assert.deepEqual(fold([...decided, agreed]), fold(decided));
  });
});

test('a case that is moved forgets what the earlier contract said, and has her answers as the newer one has them', () => {
  const to = { contract: 'new', annex: 'x', version: '1.1.0' };
  const state = fold([
    opened,
    proposed('p1'),
    confirmed('a'),
    action('move', { to, answers: { nights: 3 }, reason: 'r' }),
  ]);
  assert.deepEqual([state.proposal, state.confirmations, state.moved?.to], [undefined, [], to]);
  const filed = filedOf({ ...state, application: { payload: { answers: { nights: 2 } } } as never });
  assert.deepEqual(filed?.answers, { nights: 3 });
});
