import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isFailure, type PlainDate } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { loadRegisters, readDefinition } from './definition/load.ts';
import { resolve } from './definition/resolve.ts';
import { importCsv } from './import/import-csv.ts';
import { findMandates, findOrganisation } from './mandates.ts';
import { DEFINITIONS, registersMigrations } from './testing.ts';

const OFFICERS = [
  'company_number,company_name,personal_number,family,given,birth_date,office,from,to',
  'KZ-C-000101,Алатау Банк,KZ-T-000111,Ахметов,Данияр,1975-03-14,director,2019-01-15,',
  'KZ-C-000102,Сарыарқа Банк,KZ-T-000111,Ахметов,Данияр,1975-03-14,director,2015-03-01,2018-12-31',
  'KZ-C-000103,Ертіс,KZ-T-000112,Ибраева,Шолпан,1978-10-02,attorney,2021-06-01,',
].join('\n');

async function mandates(t: TestContext): Promise<(localId: string, day: PlainDate) => Promise<string[]>> {
  const registers = loadRegisters(DEFINITIONS, 'kz');
  const db = await freshDb(t, [registersMigrations]);
  const ctx = { db, clock: manualClock('2026-03-02T06:00:00.000Z'), registers };
  await importCsv(ctx, { register: 'kz.company-officers', agency: 'kz.companies', source: OFFICERS });
  await importCsv(ctx, {
    register: 'kz.families',
    agency: 'kz.population',
    source: [
      'parent_number,family,given,birth_date,child_number,child_name,relation,from,to',
      'KZ-T-000111,Ахметов,Данияр,1975-03-14,KZ-T-000900,Ахметова Дана,parent,2015-06-11,',
    ].join('\n'),
  });
  return async (localId, day) =>
    (await findMandates(db, registers, { state: 'kz', localId, day, kind: 'organisation' })).map(
      ({ number }) => number,
    );
}

test('an officer acts for her company from the first day of her office to its last, and nobody else does', async (t) => {
  const of = await mandates(t);
  assert.deepEqual(await of('KZ-T-000111', '2026-03-02'), ['KZ-C-000101']);
  assert.deepEqual(await of('KZ-T-000111', '2019-01-15'), ['KZ-C-000101']);
  assert.deepEqual(await of('KZ-T-000111', '2019-01-14'), []);
  assert.deepEqual(await of('KZ-T-000111', '2018-12-31'), ['KZ-C-000102']);
  assert.deepEqual(await of('KZ-T-000112', '2026-03-02'), ['KZ-C-000103']);
  assert.deepEqual(await of('KZ-T-000999', '2026-03-02'), []);
});

test('an organisation is found by its number alone, as the register of companies writes it', async (t) => {
  const registers = loadRegisters(DEFINITIONS, 'kz');
  const db = await freshDb(t, [registersMigrations]);
  const ctx = { db, clock: manualClock('2026-03-02T06:00:00.000Z'), registers };
  const source = [
    'company_number,name,legal_form,registered_on,status',
    'KZ-C-000101,Алатау Банк,bank,2004-05-17,active',
  ].join('\n');
  await importCsv(ctx, { register: 'kz.companies', agency: 'kz.companies', source });
  const found = (number: string, state = 'kz') => findOrganisation(db, registers, { state, number });
  assert.deepEqual(await found('KZ-C-000101'), { number: 'KZ-C-000101', name: 'Алатау Банк' });
  assert.deepEqual((await found(' kz-c-000101 '))?.number, 'KZ-C-000101');
  for (const number of ['KZ-C-000102', 'Алатау Банк', '']) assert.equal(await found(number), undefined);
  assert.equal(await found('KZ-C-000101', 'ru'), undefined);
});

test('who acts for whom is said by registers of persons, with columns that are never empty', () => {
  const definition = (more: string) => `
register: '{state}.acts'
owner: '{state}.acts'
states: [kz]
columns:
  number: { type: text, required: true }
  born: { type: date, required: true }
  of: { type: text }
key: [number]
${more}`;
  const wrong = (more: string) =>
    assert.throws(
      () => resolve(readDefinition(definition(more), 'acts.yaml'), 'kz', 'acts.yaml'),
      (error) => isFailure(error, 'REGISTERS_DEFINITION_WRONG'),
    );
  const represents = 'represents: { kind: organisation, number: of, name: of }';
  wrong(`organisation: { localId: number }\n${represents}`);
  wrong(`person: { localId: number, birthDate: born, names: [{ family: number, given: number }] }\n${represents}`);
  wrong('organisation: { localId: number }\nperson: { localId: number, birthDate: born, names: [] }');
  wrong('checks: []');
});
