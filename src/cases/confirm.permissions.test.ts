import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../identity/index.ts';
import { isFailure } from '../storage/index.ts';
import { confirmCase, returnCase } from './confirm.ts';
import { openCaseFile, queueOf } from './read.ts';
import { makeClaim, officer, person, testDecider } from './testing.ts';

const AGENCY = 'ru.pension-fund';
const granted = (role: string, service = '*', agency = AGENCY) => ({ grants: [{ agency, role, service }] });

/** Who may not act on a case of the Russian fund, and what he is told. */
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

test('on a case', async (t) => {
  const decider = await testDecider(t);
  await decider.deliver(makeClaim(decider));
  const examiner = officer('anna', granted('examiner', 'pension/pension'));
  const [row] = await queueOf(decider.ctx, examiner, 'waiting');
  const id = row?.id ?? '';
  const { state } = await openCaseFile(decider.ctx, examiner, id);
  const seen = { proposal: state.proposal?.digest ?? '', basis: state.basis };

  for (const [who, [session, code]] of Object.entries(STRANGERS)) {
    await t.test(`${who} neither confirms nor sends back`, async () => {
      await assert.rejects(confirmCase(decider.ctx, session, id, seen), (error) => isFailure(error, code));
      await assert.rejects(returnCase(decider.ctx, session, id, 'no'), (error) => isFailure(error, code));
    });
  }

  await t.test('that there is not, nobody acts', async () => {
    const nowhere = '01939d3c-0000-7000-8000-000000000001';
    await assert.rejects(confirmCase(decider.ctx, examiner, nowhere, seen), (error) =>
      isFailure(error, 'CASE_NOT_FOUND'),
    );
  });

  await t.test('nothing of that has left a trace', async () => {
    assert.deepEqual((await openCaseFile(decider.ctx, examiner, id)).state.confirmations, []);
  });

  await t.test('an examiner of its service acts', async () => {
    assert.equal(await confirmCase(decider.ctx, examiner, id, seen), 'inProgress');
  });
});
