import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { getAgreement } from '../agreements/index.ts';
import { importCsv } from '../registers/index.ts';
import { type TestVisitor, testWeb, visitor } from './testing.ts';

const SERVICE = '/services/pension/pension';
const FAMILIES = [
  'parent_number,family,given,birth_date,child_number,child_name,relation,from,to',
  'KZ-T-000101,Сейітова,Айгерім,1963-04-12,KZ-T-000114,Оспанов Әлихан,parent,2019-06-11,',
].join('\n');

async function portal(t: TestContext): Promise<TestVisitor> {
  const agreement = await getAgreement(join(process.env.COMMONWAY_ROOT ?? '.', 'agreements', 'pension'));
  const service = agreement.services.pension;
  if (service === undefined) throw new Error('no service');
  const services = { ...agreement.services, pension: { ...service, appliesFor: 'child' as const } };
  const { ctx, app } = await testWeb(t, {}, { ...agreement, services });
  await importCsv(ctx, { register: 'kz.families', agency: 'kz.population', source: FAMILIES });
  return visitor(app);
}

test('a parent chooses her child before a draft begins, and every page says for whom it is', async (t) => {
  const me = await portal(t);
  await me.signIn('aigerim');
  const { headers } = await me.send(SERVICE, `${SERVICE}/start`);
  assert.equal(headers.location, `${SERVICE}/for`);
  const choice = await me.get(`${SERVICE}/for`);
  assert.match(choice.body, /For which child do you apply\?/);
  assert.match(choice.body, /Оспанов Әлихан/);
  const begun = await me.send(`${SERVICE}/for`, `${SERVICE}/start`, { for: 'KZ-T-000114' });
  assert.match(String(begun.headers.location), /^\/drafts\//);
  assert.match((await me.get(String(begun.headers.location))).body, /Оспанов Әлихан, number KZ-T-000114/);
});

test('nobody begins for a child that is not hers, whatever the form says', async (t) => {
  const me = await portal(t);
  await me.signIn('marat');
  assert.match((await me.get(`${SERVICE}/for`)).body, /The population register names no child of yours/);
  const { statusCode, body } = await me.send(SERVICE, `${SERVICE}/start`, { for: 'KZ-T-000114' });
  assert.equal(statusCode, 403);
  assert.match(body, /No register says that you may act/);
});
