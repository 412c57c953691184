import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../identity/index.ts';
import { isFailure } from '../storage/index.ts';
import { openCaseFile, queueOf } from './read.ts';
import { makeClaim, officer, person, testDecider } from './testing.ts';

const AGENCY = 'ru.pension-fund';
const granted = (role: string, service = '*', agency = AGENCY) => ({ grants: [{ agency, role, service }] });

test('of the cases of a fund', async (t) => {
  const decider = await testDecider(t);
  await decider.deliver(makeClaim(decider));
  const examiner = officer('anna');
  const [row] = await queueOf(decider.ctx, examiner, 'waiting');
  const id = row?.id ?? '';
  const readings = () =>
    decider.ctx.db.query<{ actor: string }>(
      `select content->>'actor' as actor from access_entries where content->>'actor' is not null order by 1`,
    );
  const opens = (session: Session, code: string) =>
    assert.rejects(openCaseFile(decider.ctx, session, id), (error) => isFailure(error, code));

  await t.test('a person sees none', async () => {
    await assert.rejects(queueOf(decider.ctx, person('aigerim'), 'waiting'), (error) =>
      isFailure(error, 'IDENTITY_NOT_PERMITTED'),
    );
    await opens(person('aigerim'), 'CASE_NOT_FOUND');
  });

  await t.test('an officer of another agency or state sees none, and not whether there is one', async () => {
    for (const agency of ['kz.pension-fund', 'ru.population', 'ru.portal']) {
      for (const session of [officer('vera', { agency }), officer('vera', { agency, ...granted('examiner') })]) {
        assert.deepEqual(await queueOf(decider.ctx, session, 'waiting'), []);
        await opens(session, 'CASE_NOT_FOUND');
      }
    }
  });

  await t.test('an officer whose role does not reach them sees none', async () => {
    const roles = [{ grants: [] }, granted('registrar'), granted('examiner', 'pension/other'), granted('__proto__')];
    for (const grants of [...roles, granted('examiner', '*', 'kz.pension-fund')]) {
      assert.deepEqual(await queueOf(decider.ctx, officer('ivan', grants), 'waiting'), []);
      await opens(officer('ivan', grants), 'IDENTITY_NOT_PERMITTED');
    }
  });

  await t.test('who was refused has left no entry in her access record', async () => {
    assert.deepEqual(await readings(), []);
  });

  await t.test('an examiner sees them, and each who opens one is in her access record once', async () => {
    for (const session of [examiner, examiner, officer('oleg'), examiner]) await openCaseFile(decider.ctx, session, id);
    await Promise.all([examiner, officer('vera'), officer('vera')].map((one) => openCaseFile(decider.ctx, one, id)));
    assert.deepEqual(
      (await readings()).map(({ actor }) => actor),
      ['anna', 'oleg', 'vera'],
    );
  });

  await t.test('the queue names nobody', async () => {
    const text = JSON.stringify(await queueOf(decider.ctx, examiner, 'waiting'));
    assert.doesNotMatch(text, /Сейітова|Айгерім|1962|KZ-T-000101/);
  });
});
