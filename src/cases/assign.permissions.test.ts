import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrations as identity, type OfficerAccount, type Session, storeAccounts } from '../identity/index.ts';
import { isFailure, migrate } from '../storage/index.ts';
import { assignCase, noteOnCase } from './assign.ts';
import { openCaseFile, queueOf } from './read.ts';
import { makeClaim, officer, person, testDecider } from './testing.ts';

const AGENCY = 'ru.pension-fund';
const granted = (role: string, service = '*', agency = AGENCY) => ({ grants: [{ agency, role, service }] });

test('on who works on a case', async (t) => {
  const decider = await testDecider(t);
  const { ctx } = decider;
  await migrate(ctx.db, [identity]);
  const [anna, oleg] = [officer('anna'), officer('oleg')];
  const head = officer('olga', granted('lead'));
  const registrar = officer('rita', granted('registrar'));
  const elsewhere = officer('vera', { agency: 'ru.population' });
  const accounts = [anna, oleg, head, registrar, elsewhere].map(({ account }) => account as OfficerAccount);
  await storeAccounts(ctx.db, accounts);
  await decider.deliver(makeClaim(decider));
  const [row] = await queueOf(ctx, anna, 'waiting');
  const id = row?.id ?? '';
  const assign = (session: Session, to?: string, seen?: string) => assignCase(ctx, session, id, { to, seen });
  const fails = (promise: Promise<unknown>, code: string) =>
    assert.rejects(promise, (error) => isFailure(error, code), code);

  const strangers: Record<string, [Session, string]> = {
    'a person': [person('aigerim'), 'CASE_NOT_FOUND'],
    'an officer of another agency': [elsewhere, 'CASE_NOT_FOUND'],
    'an officer whose role is for the register': [registrar, 'IDENTITY_NOT_PERMITTED'],
    'an officer whose role is for another service': [
      officer('ivan', granted('examiner', 'pension/other')),
      'IDENTITY_NOT_PERMITTED',
    ],
  };
  for (const [who, [session, code]] of Object.entries(strangers)) {
    await t.test(`${who} takes none and writes no note`, async () => {
      await fails(assign(session, session.account.id), code);
      await fails(noteOnCase(ctx, session, id, 'note'), code);
    });
  }

  await t.test('nobody but who heads the examiners gives to others what is not his', async () => {
    await fails(assign(anna, 'oleg'), 'IDENTITY_NOT_PERMITTED');
    await assign(anna, 'anna');
    await fails(assign(oleg, 'oleg', 'anna'), 'IDENTITY_NOT_PERMITTED');
    await fails(assign(oleg, undefined, 'anna'), 'IDENTITY_NOT_PERMITTED');
    await assign(head, 'oleg', 'anna');
    assert.equal((await openCaseFile(ctx, anna, id)).state.assignee, 'oleg');
  });

  await t.test('nobody gets a case that he may not read', async () => {
    for (const to of ['rita', 'vera', 'nobody']) await fails(assign(head, to, 'oleg'), 'CASE_COLLEAGUE');
  });
});
