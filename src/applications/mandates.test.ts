import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listTransactions } from '../exchange/index.ts';
import { findLinks } from '../persons/index.ts';
import { importCsv } from '../registers/index.ts';
import { isFailure } from '../storage/index.ts';
import { askEvidence } from './ask.ts';
import { openDraft, startDraft } from './drafts.ts';
import { mandatesFor } from './mandates.ts';
import { getApplication } from './read.ts';
import { confirmEvidence } from './submit.ts';
import { actor, answerQuestion, fill, pension, send, type TestHome, testHome } from './testing.ts';

const HER = actor();
const HEADING = 'company_number,company_name,personal_number,family,given,birth_date,office,from,to';
const officer = (to: string) =>
  `${HEADING}\nKZ-C-000101,Алатау Банк,KZ-T-000101,Сейітова,Айгерім,1963-04-12,director,2019-01-15,${to}`;
const WANTED = { agreement: 'pension', service: 'pension' };

/** A home where the service is applied for on behalf of an organisation, and Aigerim is the officer of one. */
async function home(t: TestContext): Promise<TestHome> {
  const agreement = await pension();
  const service = agreement.services.pension;
  if (service === undefined) throw new Error('no service');
  const made = await testHome(t, {
    ...agreement,
    services: { ...agreement.services, pension: { ...service, appliesFor: 'organisation' } },
  });
  await imported(made, officer(''));
  return made;
}

const imported = ({ ctx }: TestHome, source: string) =>
  importCsv(ctx, { register: 'kz.company-officers', agency: 'kz.companies', source });

const begin = ({ ctx }: TestHome, number?: string, who = HER) =>
  startDraft(ctx, who, number === undefined ? WANTED : { ...WANTED, for: number });

const missing = (error: unknown) => isFailure(error, 'MANDATE_MISSING');

/** Answered, asked and confirmed. */
async function ready(made: TestHome): Promise<string> {
  const { ctx } = made;
  const { id } = await begin(made, 'KZ-C-000101');
  await fill(ctx, HER, id, 'work', { statesOfWork: ['kz', 'ru'] });
  await fill(ctx, HER, id, 'numbers', { foreignNumbers: { ru: 'RU-C-000777' } });
  await fill(ctx, HER, id, 'claim', { kindOfPension: 'old-age', payingStates: ['kz', 'ru'] });
  await fill(ctx, HER, id, 'consent', { consent: true });
  await fill(ctx, HER, id, 'contact', { contactLanguage: 'en' });
  await askEvidence(ctx, HER, id);
  const { draft } = await openDraft(ctx, HER, id);
  const represented = { kind: 'organisation', number: 'KZ-C-000101' } as const;
  const change = { subject: { home: 'kz', reference: draft.reference, represented } };
  for (const key of ['identity/kz', 'insured-periods/kz', 'insured-periods/ru'])
    await answerQuestion(made, id, key, change);
  await confirmEvidence(ctx, HER, id);
  return id;
}

test('only who may act for an organisation by a register of her state begins an application for it', async (t) => {
  const made = await home(t);
  const { ctx, agreement } = made;
  const service = agreement.services.pension ?? {};
  assert.deepEqual(await mandatesFor(ctx, ctx.db, 'aigerim', service), [
    { kind: 'organisation', number: 'KZ-C-000101', name: 'Алатау Банк', register: 'kz.company-officers' },
  ]);
  assert.deepEqual(await mandatesFor(ctx, ctx.db, 'marat', service), []);
  await assert.rejects(begin(made), missing);
  await assert.rejects(begin(made, 'KZ-C-000102'), missing);
  await assert.rejects(begin(made, 'KZ-C-000101', actor('marat')), missing);
  assert.equal((await begin(made, 'KZ-C-000101')).mandate?.name, 'Алатау Банк');
});

test('the questions are about the organisation by its numbers, and tell nothing of who asks', async (t) => {
  const made = await home(t);
  const id = await ready(made);
  const rows = await made.ctx.db.query<{ body: Buffer }>(`select body from exchange_sent`);
  const bodies = rows.map(({ body }) => body.toString('utf8'));
  const asked = bodies.filter((body) => body.includes('"subject"')).map((body) => JSON.parse(body).body);
  assert.equal(asked.length, 3);
  for (const { subject } of asked) {
    assert.deepEqual(Object.keys(subject).sort(), ['home', 'ids', 'reference', 'represented']);
    assert.deepEqual(subject.represented, { kind: 'organisation', number: 'KZ-C-000101' });
    assert.deepEqual(subject.ids[0], { state: 'kz', value: 'KZ-C-000101' });
  }
  assert.ok(!bodies.some((body) => body.includes('KZ-T-000101')));
  // A number of the organisation's is no number of hers.
  assert.deepEqual(await findLinks(made.ctx.db, HER.person, 'ru'), []);
  assert.equal((await listTransactions(made.ctx.db, { application: id })).length, 3);
});

test('the sealed application says for whom she acts', async (t) => {
  const made = await home(t);
  const id = await send(made, await ready(made));
  const { sealed } = await getApplication(made.ctx.db, HER.person, id);
  assert.deepEqual(sealed.payload.actor.mandate, {
    ...{ kind: 'organisation', number: 'KZ-C-000101', name: 'Алатау Банк', register: 'kz.company-officers' },
  });
});

test('a mandate that ended meanwhile sends nothing', async (t) => {
  const made = await home(t);
  const id = await ready(made);
  await imported(made, officer('2026-11-21'));
  await assert.rejects(send(made, id), missing);
  await imported(made, officer('2026-11-22'));
  assert.equal(await send(made, id), id);
});
