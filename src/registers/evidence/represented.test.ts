import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bindSubject, referenceFor } from '../../persons/index.ts';
import { isFailure } from '../../storage/index.ts';
import { importCsv } from '../import/import-csv.ts';
import { ask, CONTRACT, PERIODS, type TestNode, testStates } from '../testing.ts';
import type { Evidence, EvidenceQuery } from './evidence.ts';
import { serveEvidence } from './serve-evidence.ts';
import { verifyEvidence } from './verify-evidence.ts';

const COMPANY = {
  ...PERIODS,
  type: 'company',
  schema: { properties: { number: {}, name: {}, legalForm: {}, registeredOn: {}, status: {} } },
};
const BANK = { kind: 'organisation', number: 'KG-C-000101' } as const;
const CHILD = {
  names: [{ family: 'Асанов', given: 'Нурлан', script: 'Cyrl' as const }],
  birthDate: '2019-06-11',
  ids: [{ state: 'kg', value: 'KG-T-000101' }],
};

/** Kyrgyzstan's node, asked by its own portal for Aibek; `reference` is what it knows him by. */
async function union(t: TestContext): Promise<{ kg: TestNode; reference: string }> {
  const { kg } = await testStates(t, { nodes: ['kg'] });
  await importCsv(kg, {
    register: 'kg.companies',
    agency: 'kg.companies',
    source: 'company_number,name,legal_form,registered_on,status\nKG-C-000101,Тянь-Шань Банк,bank,2002-09-23,active',
  });
  await importCsv(kg, {
    register: 'kg.pension-fund',
    agency: 'kg.pension-fund',
    source: [
      'insurance_number,period_no,family,given,birth_date,national_number,home_state,home_number,employer,from,to,kind,contributions_paid',
      'KG-P-000501,1,Асанов,Нурлан,1960-02-20,,KZ,KZ-T-000101,Нарын,2022-09-15,,childcare,false',
    ].join('\n'),
  });
  const reference = await kg.db.transaction(async (tx) => {
    await bindSubject(tx, kg, { subject: 'aibek', localId: 'KG-T-000111' });
    return referenceFor(tx, kg, { subject: 'aibek', application: 'application-1' });
  });
  return { kg, reference };
}

const answer = (kg: TestNode, query: EvidenceQuery, evidence = COMPANY, agency = 'kg.companies') =>
  kg.db.transaction((tx) => serveEvidence(tx, kg, query, { from: 'kg', agency, agreement: CONTRACT, evidence }));

const about = (
  { kg, reference }: { kg: TestNode; reference: string },
  numbers: readonly string[],
  represented: { kind: 'organisation'; number: string } = BANK,
) =>
  ask(
    kg,
    { reference, ids: numbers.map((value) => ({ state: value.slice(0, 2).toLowerCase(), value })), represented },
    { query: { type: 'company' } },
  );

test('a company is found by its number alone, and the agency signs whom its facts are about', async (t) => {
  const { kg, reference } = await union(t);
  const sealed = await answer(kg, about({ kg, reference }, ['KG-C-000101']));
  const { result, facts, subject } = sealed.payload;
  assert.equal(result, 'found');
  assert.deepEqual(facts, {
    number: 'KG-C-000101',
    name: 'Тянь-Шань Банк',
    legalForm: 'bank',
    registeredOn: '2002-09-23',
    status: 'active',
  });
  assert.deepEqual(subject, { home: 'kg', reference, represented: BANK });
  const expected = {
    ...{ type: 'company', state: 'kg', agency: 'kg.companies', agreement: CONTRACT },
    ...{ application: 'application-1', reference, home: 'kg' },
  };
  verifyEvidence(kg, sealed, { ...expected, represented: 'organisation/KG-C-000101' });
  for (const represented of [null, 'organisation/KG-C-000102', 'child/KG-C-000101']) {
    assert.throws(
      () => verifyEvidence(kg, sealed, { ...expected, represented }),
      (error) => isFailure(error, 'REGISTERS_EVIDENCE_OTHER'),
      String(represented),
    );
  }
});

test('a company that the register does not have is signed as not found', async (t) => {
  const { kg, reference } = await union(t);
  const results: Evidence['result'][] = [];
  const nobody = { kind: 'organisation', number: 'KG-C-000999' } as const;
  results.push((await answer(kg, about({ kg, reference }, ['KG-C-000999'], nobody))).payload.result);
  assert.deepEqual(results, ['none']);
});

test('a person is never looked for by the number alone of an organisation, nor an organisation as a person', async (t) => {
  const { kg, reference } = await union(t);
  const refused = (query: EvidenceQuery, ...where: [typeof COMPANY, string]) =>
    assert.rejects(answer(kg, query, ...where), (error) => isFailure(error, 'REGISTERS_NOT_SERVED'));
  const stolen = ask(kg, {
    reference,
    ids: [{ state: 'kg', value: 'KG-P-000501' }],
    represented: { ...BANK, number: 'KG-P-000501' },
  });
  await refused(stolen, PERIODS as typeof COMPANY, 'kg.pension-fund');
  await refused(ask(kg, { reference, ...CHILD }, { query: { type: 'company' } }), COMPANY, 'kg.companies');
});

test('what a question says of whom it is about is in its signed digest', async (t) => {
  const { kg, reference } = await union(t);
  const query = about({ kg, reference }, ['KG-C-000101']);
  const other = { ...query, subject: { ...query.subject, represented: { ...BANK, number: 'KG-C-000102' } } };
  await assert.rejects(answer(kg, other as EvidenceQuery), (error) => isFailure(error, 'REGISTERS_ASSERTION_OTHER'));
  for (const numbers of [['KG-C-000102'], ['KZ-C-000101'], []])
    await assert.rejects(answer(kg, about({ kg, reference }, numbers)), (error) =>
      isFailure(error, 'REGISTERS_QUERY_WRONG'),
    );
  const child = { ...query, subject: { ...query.subject, represented: { kind: 'child', number: 'KG-C-000101' } } };
  await assert.rejects(answer(kg, child as EvidenceQuery), (error) => isFailure(error, 'REGISTERS_QUERY_WRONG'));
});
