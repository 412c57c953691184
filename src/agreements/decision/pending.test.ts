import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceQuestions } from '../journey/asked.ts';
import { getAgreement } from '../load.ts';
import { inCheckout } from '../testing.ts';
import { pendingEvidence } from './pending.ts';
import type { EvidenceFacts } from './types.ts';

test('that nothing can be proven hers waits for a number only where she can give one', async () => {
  const agreement = await getAgreement(inCheckout('agreements', 'degree'));
  const { recognition } = agreement.services;
  assert.ok(recognition);
  const answers = { awardedIn: 'ru', degreeKind: 'phd', workState: 'kz', aim: 'work', consent: true };
  const questions = evidenceQuestions(agreement, recognition, { home: 'am', claim: '2026-03-02', answers });
  const pending = (result: EvidenceFacts['result']) =>
    pendingEvidence(
      questions,
      questions.map(({ evidence: { type }, state }) => ({ type, state, result, facts: null })),
    ).map(({ type, reason }) => `${type} ${reason}`);
  assert.deepEqual(pending('unproven'), ['degrees unproven']);
  assert.deepEqual(pending('none'), []);
  assert.deepEqual(pending('unanswered'), [
    'identity unanswered',
    'degrees unanswered',
    'negative-expertise unanswered',
  ]);
});
