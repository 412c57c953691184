import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../identity/index.ts';
import { isFailure } from '../storage/index.ts';
import { confirmCorrection, declineCorrection, proposeCorrection } from './corrections.ts';
import { officer, person } from './testing.ts';
import { decidedCase } from './testing-corrections.ts';

const AGENCY = 'ru.pension-fund';
const granted = (role: string, service = '*', agency = AGENCY) => ({ grants: [{ agency, role, service }] });

/** Who may not touch a decision of the Russian fund, and what he is told. */
const STRANGERS: Record<string, [Session, string]> = {
  'a person': [person('aigerim'), 'CASE_NOT_FOUND'],
  'an officer of another state': [officer('askar', { agency: 'kz.pension-fund' }), 'CASE_NOT_FOUND'],
  'an officer of another agency': [officer('vera', { agency: 'ru.population' }), 'CASE_NOT_FOUND'],
  'an officer of another agency with a grant for this one': [
    officer('vera', { agency: 'ru.population', ...granted('examiner') }),
    'CASE_NOT_FOUND',
  ],
  'an officer without a role': [officer('ivan', { grants: [] }), 'IDENTITY_NOT_PERMITTED'],
  'an officer whose role is for another agency': [
    officer('ivan', granted('examiner', '*', 'kz.pension-fund')),
    'IDENTITY_NOT_PERMITTED',
  ],
  'an officer whose role is for another service': [
    officer('ivan', granted('examiner', 'pension/other')),
    'IDENTITY_NOT_PERMITTED',
  ],
  'an officer whose role is for the register': [officer('ivan', granted('registrar')), 'IDENTITY_NOT_PERMITTED'],
  'an officer with a role that nobody knows': [officer('ivan', granted('constructor')), 'IDENTITY_NOT_PERMITTED'],
};

test('on a decision', async (t) => {
  const made = await decidedCase(t);
  const { ctx, id, file } = made;
  await made.ask();
  const seen = { basis: await made.basis(), reason: 'A year is missing', article: 'design-correction' };

  for (const [who, [session, code]] of Object.entries(STRANGERS)) {
    await t.test(`${who} neither proposes, agrees nor declines`, async () => {
      const refused = (error: unknown) => isFailure(error, code);
      await assert.rejects(proposeCorrection(ctx, session, id, seen), refused);
      await assert.rejects(confirmCorrection(ctx, session, id, { proposal: '' }), refused);
      await assert.rejects(declineCorrection(ctx, session, id, seen), refused);
    });
  }

  await t.test('nothing of that has left a trace', async () => {
    const { state } = await file();
    assert.deepEqual([state.correction, state.asked.length], [undefined, 1]);
  });

  await t.test('two examiners of its service put it right together', async () => {
    const [one, other] = ['anna', 'oleg'].map((name) => officer(name, granted('examiner', 'pension/pension')));
    assert.ok(one && other);
    await proposeCorrection(ctx, one, id, seen);
    const proposal = (await file()).state.correction?.digest ?? '';
    for (const [who, [session, code]] of Object.entries(STRANGERS)) {
      await assert.rejects(confirmCorrection(ctx, session, id, { proposal }), (error) => isFailure(error, code), who);
    }
    assert.equal(await confirmCorrection(ctx, other, id, { proposal }), true);
  });
});
