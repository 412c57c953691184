import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Agreement, getAgreement } from '../agreements/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import { giveMandate, listConsents, subjectOfReference } from '../persons/index.ts';
import { importCsv } from '../registers/index.ts';
import { isFailure } from '../storage/index.ts';
import { actingFor, takeMandateBack } from './acting.ts';
import { askEvidence } from './ask.ts';
import { openDrafts } from './draft-rows.ts';
import { discardDraft, openDraft, saveAnswers, startDraft } from './drafts.ts';
import { actedApplication, applicationsOf, getApplication } from './read.ts';
import { confirmEvidence } from './submit.ts';
import { actor, answerQuestion, fill, pension, send, type TestHome, testHome } from './testing.ts';
import { openOwnFile } from './uploads.ts';

const WORKER = actor('aigerim');
const OFFICER = actor('marat');
const HEADING = 'company_number,company_name,personal_number,family,given,birth_date,office,from,to';
const WANTED = { agreement: 'pension', service: 'pension' };
const fails = (code: string) => (error: unknown) => isFailure(error, code);

/** A home where Aigerim gave a mandate to the company that Marat directs. */
async function home(t: TestContext, change: Partial<Agreement['services'][string]> = { byMandate: 'organisation' }) {
  const agreement = await pension();
  const service = agreement.services.pension;
  assert.ok(service !== undefined);
  const made = await testHome(t, {
    ...agreement,
    services: { ...agreement.services, pension: { ...service, ...change } },
  });
  await directs(made, '');
  const id = await made.ctx.db.transaction((tx) => giveMandate(tx, made.ctx, MANDATE, '2026-11-22'));
  return { ...made, id };
}

const MANDATE = {
  subject: 'aigerim',
  holder: { kind: 'organisation' as const, number: 'KZ-C-000101', name: 'Ертіс' },
  service: 'pension/pension',
  until: '2026-12-31',
};

const directs = ({ ctx }: TestHome, to: string) =>
  importCsv(ctx, {
    register: 'kz.company-officers',
    agency: 'kz.companies',
    source: `${HEADING}\nKZ-C-000101,Ертіс,KZ-T-000102,Жұмабеков,Марат,1960-02-20,director,2019-01-15,${to}`,
  });

/** Filled in, asked and confirmed by the officer, for the worker. */
async function ready(made: TestHome & { id: string }): Promise<string> {
  const { ctx } = made;
  const { id } = await startDraft(ctx, OFFICER, { ...WANTED, by: made.id });
  await fill(ctx, OFFICER, id, 'work', { statesOfWork: ['kz', 'ru'] });
  await fill(ctx, OFFICER, id, 'numbers', {});
  await fill(ctx, OFFICER, id, 'claim', { kindOfPension: 'old-age', payingStates: ['kz', 'ru'] });
  await fill(ctx, OFFICER, id, 'consent', { consent: true });
  await fill(ctx, OFFICER, id, 'contact', { contactLanguage: 'en' });
  await askEvidence(ctx, OFFICER, id);
  for (const key of ['identity/kz', 'insured-periods/kz', 'insured-periods/ru'])
    await answerQuestion(made, id, key, {}, OFFICER);
  await confirmEvidence(ctx, OFFICER, id);
  return id;
}

test('an officer acts for whoever gave a mandate to her company, and what is sent is the applicant’s', async (t) => {
  const made = await home(t);
  const { ctx } = made;
  const id = await ready(made);
  const { draft } = await openDraft(ctx, OFFICER, id);
  assert.equal(draft.person, WORKER.person);
  assert.deepEqual(await openDrafts(ctx.db, WORKER.person, ctx.clock.now()), []);
  assert.equal(await send(made, id, OFFICER), id);

  const { sealed } = await getApplication(ctx.db, WORKER.person, id);
  const { reference, actor: acted } = sealed.payload;
  assert.equal(await subjectOfReference(ctx.db, reference), WORKER.person);
  assert.equal(await subjectOfReference(ctx.db, acted.reference), OFFICER.person);
  const { subject: _giver, ...mandate } = MANDATE;
  assert.deepEqual(acted.mandate, { kind: 'given', id: made.id, ...mandate });
  assert.equal((await actedApplication(ctx, OFFICER.person, id)).id, id);
  assert.deepEqual(await applicationsOf(ctx.db, OFFICER.person), []);
  assert.ok((await listConsents(ctx.db, WORKER.person)).some(({ application }) => application === id));
  assert.deepEqual(await listConsents(ctx.db, OFFICER.person), []);
  const kinds = async (person: string) => (await lettersOf(ctx.db, person)).map(({ kind }) => kind).sort();
  assert.deepEqual(await kinds(WORKER.person), ['actingBegan', 'filedFor']);
  assert.deepEqual(await kinds(OFFICER.person), ['filed']);
});

test('nobody else acts: no other company’s officer, in no other service, by no other mandate', async (t) => {
  const made = await home(t);
  const { ctx } = made;
  const stranger = actor('aigerim');
  await assert.rejects(startDraft(ctx, stranger, { ...WANTED, by: made.id }), fails('MANDATE_OVER'));
  await assert.rejects(startDraft(ctx, OFFICER, { ...WANTED, by: 'another' }), fails('MANDATE_OVER'));
  const service = made.agreement.services.pension;
  assert.ok(service !== undefined);
  assert.equal((await actingFor(ctx, ctx.db, 'marat', 'pension', service)).length, 1);
  assert.deepEqual(await actingFor(ctx, ctx.db, 'marat', 'pension', { ...service, name: 'other' }), []);
  const { byMandate: _none, ...without } = service;
  assert.deepEqual(await actingFor(ctx, ctx.db, 'marat', 'pension', without), []);
});

test('a service that lets nobody act takes no mandate', async (t) => {
  const made = await home(t, {});
  await assert.rejects(startDraft(made.ctx, OFFICER, { ...WANTED, by: made.id }), fails('MANDATE_OVER'));
});

test('while it is filled in it is the officer’s alone, and nobody’s any more once the mandate is ended', async (t) => {
  const made = await home(t);
  const { ctx } = made;
  const id = await ready(made);
  await assert.rejects(openDraft(ctx, WORKER, id), fails('DRAFT_NOT_FOUND'));
  await assert.rejects(discardDraft(ctx, WORKER, id), fails('DRAFT_NOT_FOUND'));
  await assert.rejects(takeMandateBack(ctx, OFFICER, made.id), fails('MANDATE_UNKNOWN'));
  await takeMandateBack(ctx, WORKER, made.id);
  await assert.rejects(openDraft(ctx, OFFICER, id), fails('DRAFT_NOT_FOUND'));
  assert.deepEqual(await ctx.db.query('select 1 from drafts'), []);
  assert.deepEqual(await ctx.db.query('select 1 from application_evidence'), []);
});

test('who is no officer any more, or acts after the last day, neither looks nor writes nor sends', async (t) => {
  const made = await home(t);
  const { ctx } = made;
  const id = await ready(made);
  const nothing = async () => {
    await assert.rejects(openDraft(ctx, OFFICER, id), fails('MANDATE_OVER'));
    await assert.rejects(saveAnswers(ctx, OFFICER, id, 'contact', { contactLanguage: 'ru' }), fails('MANDATE_OVER'));
    await assert.rejects(openOwnFile(ctx, OFFICER, id, 'a'.repeat(64)), fails('MANDATE_OVER'));
    await assert.rejects(send(made, id, OFFICER), fails('MANDATE_OVER'));
  };
  await directs(made, '2026-11-21');
  await nothing();
  await directs(made, '');
  ctx.clock.set('2026-12-31T10:00:00.000Z');
  assert.equal((await openDraft(ctx, OFFICER, id)).draft.id, id);
  ctx.clock.set('2027-01-01T10:00:00.000Z');
  await nothing();
});

test('what was sent stays with the applicant when the mandate is ended, and is closed to the officer', async (t) => {
  const made = await home(t);
  const { ctx } = made;
  const id = await send(made, await ready(made), OFFICER);
  await takeMandateBack(ctx, WORKER, made.id);
  await assert.rejects(actedApplication(ctx, OFFICER.person, id), fails('APPLICATION_NOT_FOUND'));
  await assert.rejects(openOwnFile(ctx, OFFICER, id, 'a'.repeat(64)), fails('FILE_NOT_FOUND'));
  assert.equal((await getApplication(ctx.db, WORKER.person, id)).id, id);
  assert.equal((await openDraft(ctx, WORKER, id)).draft.submitted, true);
});

test('work abroad lets an employer act, and the services beside it that do not say so let nobody', async () => {
  const { services } = await getAgreement(`${process.env.COMMONWAY_ROOT}/agreements/work-abroad`);
  assert.deepEqual(
    Object.values(services).map(({ byMandate }) => byMandate),
    ['organisation', 'organisation'],
  );
  const { services: others } = await pension();
  assert.deepEqual(
    Object.values(others).filter(({ byMandate }) => byMandate !== undefined),
    [],
  );
});
