import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { accessCounts, accessRecord, bindSubject, referenceFor } from '../../persons/index.ts';
import { correctRow } from '../correct-row.ts';
import { importCsv } from '../import/import-csv.ts';
import { subjectAttributes } from '../resident.ts';
import { ask, CONTRACT, PERIODS, type TestHome, type TestNode, testStates } from '../testing.ts';
import type { Evidence, EvidenceQuery } from './evidence.ts';
import { serveEvidence } from './serve-evidence.ts';
import { verifyEvidence } from './verify-evidence.ts';

const PENSION_HEADING =
  'insurance_number,period_no,family,given,birth_date,national_number,home_state,home_number,employer,from,to,kind,contributions_paid';
const POPULATION_HEADING =
  'personal_number,record_no,family,given,family_latin,given_latin,birth_date,sex,citizenship,other_state,other_number,valid_from,valid_to';

/** Aigerim as her home knows her. */
const AIGERIM = {
  names: [{ family: 'Сейітова', given: 'Айгерім', script: 'Cyrl' as const }],
  birthDate: '1963-04-12',
  ids: [{ state: 'kz', value: 'KZ-T-000101' }],
};

/** A home in Kazakhstan and a fund in Kyrgyzstan that knows three people. */
async function union(t: TestContext): Promise<{ kz: TestHome; kg: TestNode }> {
  const { kz, kg } = await testStates(t, { nodes: ['kg'], homes: ['kz'] });
  await importCsv(kg, {
    register: 'kg.pension-fund',
    agency: 'kg.pension-fund',
    source: [
      PENSION_HEADING,
      'KG-P-000501,1,Сеитова,Айгерим,1963-04-12,,KZ,KZ-T-000101,Ала-Тоо,2023-09-15,2025-06-30,employment,true',
      'KG-P-000501,2,Сеитова,Айгерим,1963-04-12,,KZ,KZ-T-000101,Нарын,2022-09-15,,childcare,false',
      'KG-P-000502,1,Сеитова,Айгерим,1963-04-12,,,,Ош,2021-01-01,2022-06-30,employment,true',
      'KG-P-000503,1,Сеитова,Айгерим,1963-04-12,,KZ,KZ-T-000777,Токмок,2021-01-01,2022-06-30,employment,true',
    ].join('\n'),
  });
  return { kz, kg };
}

async function answer(kg: TestNode, query: EvidenceQuery, from = 'kz'): Promise<Evidence> {
  const asked = { from, agency: 'kg.pension-fund', agreement: CONTRACT, evidence: PERIODS };
  const sealed = await kg.db.transaction((tx) => serveEvidence(tx, kg, query, asked));
  verifyEvidence(kg, sealed, {
    type: query.type,
    state: kg.trust.self,
    agency: asked.agency,
    agreement: CONTRACT,
    application: query.application,
    reference: query.subject.reference,
    home: query.subject.home,
  });
  return sealed.payload;
}

test('the periods of the one person come back signed by the fund, in their order', async (t) => {
  const { kz, kg } = await union(t);
  const evidence = await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }));
  assert.equal(evidence.result, 'found');
  assert.deepEqual(evidence.facts, {
    periods: [
      { state: 'kg', employer: 'Нарын', from: '2022-09-15', to: null, kind: 'childcare', contributionsPaid: false },
      {
        state: 'kg',
        employer: 'Ала-Тоо',
        from: '2023-09-15',
        to: '2025-06-30',
        kind: 'employment',
        contributionsPaid: true,
      },
    ],
  });
  assert.deepEqual(evidence.issuer, { state: 'kg', agency: 'kg.pension-fund' });
  assert.deepEqual([evidence.asOf, evidence.validUntil], ['2026-03-02', '2026-04-01T17:59:59.999Z']);
});

test('only what the agreement names is told', async (t) => {
  const { kz, kg } = await union(t);
  const schema = { properties: { periods: { items: { properties: { from: {}, to: {} } } } } };
  const asked = { from: 'kz', agency: 'kg.pension-fund', agreement: CONTRACT, evidence: { ...PERIODS, schema } };
  const query = ask(kz, { reference: 'r-1', ...AIGERIM });
  const { payload } = await kg.db.transaction((tx) => serveEvidence(tx, kg, query, asked));
  assert.deepEqual(payload.facts, {
    periods: [
      { from: '2022-09-15', to: null },
      { from: '2023-09-15', to: '2025-06-30' },
    ],
  });
});

test('a record without her home id is shown to her when she gives its number, and to nobody who does not', async (t) => {
  const { kz, kg } = await union(t);
  const nobody = { ...AIGERIM, ids: [{ state: 'kz', value: 'KZ-T-000888' }] };
  const without = await answer(kg, ask(kz, { reference: 'r-1', ...nobody }));
  assert.deepEqual([without.result, without.facts], ['unproven', null]);
  const ids = [...nobody.ids, { state: 'kg', value: 'kg-p 000502' }];
  const withNumber = await answer(kg, ask(kz, { reference: 'r-1', ...nobody, ids }));
  assert.equal(withNumber.result, 'found');
});

test('an answer says the same whether a namesake exists or not', async (t) => {
  const { kz, kg } = await union(t);
  const tell = async (ids: { state: string; value: string }[], change: object = {}) => {
    const query = ask(kz, { reference: 'r-1', ...AIGERIM, ids, ...change });
    const { id, request, ...rest } = await answer(kg, query);
    assert.ok(id !== '' && request !== '');
    return rest;
  };
  const home = [{ state: 'kz', value: 'KZ-T-000888' }];
  const stranger = { names: [{ family: 'Nobody', given: 'Known', script: 'Latn' }], birthDate: '1901-01-01' };
  assert.deepEqual(await tell(home), await tell(home, stranger));
  // The number of another, whose noted home id is not hers; of one with another name; of nobody.
  const taken = [...home, { state: 'kg', value: 'KG-P-000503' }];
  const free = [...home, { state: 'kg', value: 'KG-P-999999' }];
  assert.deepEqual(await tell(taken), await tell(free));
  assert.deepEqual(await tell(taken, stranger), await tell(free, stranger));
});

test('each answer leaves exactly one entry with the fund, whatever was found', async (t) => {
  const { kz, kg } = await union(t);
  await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }));
  await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM, ids: [] }));
  const entries = await kg.db.query<{ content: { fields: string[]; counter: number }; jobs: number }>(
    `select content, (select count(*)::int from job where queue = 'persons/notice') as jobs
     from access_entries where person = 'kz/r-1' order by content->>'counter'`,
  );
  assert.deepEqual(
    entries.map(({ content }) => [content.counter, content.fields.length]),
    [
      [1, 6],
      [2, 0],
    ],
  );
  assert.equal(entries[0]?.jobs, 2);
});

test('an answer that is not committed leaves no entry', async (t) => {
  const { kz, kg } = await union(t);
  const query = ask(kz, { reference: 'r-1', ...AIGERIM });
  const asked = { from: 'kz', agency: 'kg.pension-fund', agreement: CONTRACT, evidence: PERIODS };
  await assert.rejects(
    kg.db.transaction(async (tx) => {
      await serveEvidence(tx, kg, query, asked);
      throw new Error('the power went out');
    }),
  );
  assert.deepEqual(await kg.db.query('select 1 from access_entries'), []);
});

test('a correction at the source makes the next answer differ, and stands against the same file', async (t) => {
  const { kz, kg } = await union(t);
  const before = await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }));
  const [row] = await kg.db.query<{ row_key: string; revision: number }>(
    "select row_key, revision from register_rows where content->>'employer' = 'Ала-Тоо'",
  );
  const officer = { id: 'registrar-kg', agency: 'kg.pension-fund' };
  await kg.db.transaction((tx) =>
    correctRow(tx, kg, officer, {
      register: 'kg.pension-fund',
      rowKey: row?.row_key ?? '',
      revision: row?.revision ?? 0,
      changes: { to: '2025-12-31' },
      reason: 'The employer reported a wrong year.',
      article: 'art-9',
    }),
  );
  const after = await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }));
  const ends = ({ facts }: Evidence) => ((facts?.periods ?? []) as { to: string | null }[]).map(({ to }) => to);
  assert.deepEqual(
    [ends(before), ends(after)],
    [
      [null, '2025-06-30'],
      [null, '2025-12-31'],
    ],
  );

  const again = await importCsv(kg, {
    register: 'kg.pension-fund',
    agency: 'kg.pension-fund',
    source: `${PENSION_HEADING}\nKG-P-000501,1,Сеитова,Айгерим,1963-04-12,,KZ,KZ-T-000101,Ала-Тоо,2023-09-15,2025-06-30,employment,true`,
  });
  assert.deepEqual([again.taken, again.unchanged, again.refused], [0, 1, 0]);
  assert.deepEqual(ends(await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }))), [null, '2025-12-31']);

  const other = await importCsv(kg, {
    register: 'kg.pension-fund',
    agency: 'kg.pension-fund',
    source: `${PENSION_HEADING}\nKG-P-000501,1,Сеитова,Айгерим,1963-04-12,,KZ,KZ-T-000101,Ала-Тоо,2023-09-15,2025-09-30,employment,true`,
  });
  assert.deepEqual(other.rejected, [{ line: 2, reason: 'ROW_CORRECTED', params: {} }]);
  // The officer's work on her rows is in her record as well: her home is told under the reference by which it asked.
  const uses = await kg.db.query<{ purpose: string }>(
    "select content->>'purpose' as purpose from access_entries where person = 'kz/r-1' order by at, id",
  );
  assert.deepEqual(uses.map(({ purpose }) => purpose).sort(), ['pension', 'pension', 'pension', 'register.correction']);
});

test('her own state answers by the same path, under the number of its register, and she sees the entry at once', async (t) => {
  const { kz } = await testStates(t, { nodes: ['kz'] });
  await importCsv(kz, {
    register: 'kz.population',
    agency: 'kz.population',
    source: [
      POPULATION_HEADING,
      'KZ-T-000101,1,Болатова,Айгерім,Bolatova,Aigerim,1963-04-12,F,KZ,,,1963-04-12,1988-06-17',
      'KZ-T-000101,2,Сейітова,Айгерім,Seitova,Aigerim,1963-04-12,F,KZ,RU,RU-T-000900,1988-06-18,',
    ].join('\n'),
  });
  const reference = await kz.db.transaction(async (tx) => {
    await bindSubject(tx, kz, { subject: 'aigerim', localId: 'KZ-T-000101' });
    return referenceFor(tx, kz, { subject: 'aigerim', application: 'application-1' });
  });
  const attributes = await subjectAttributes(kz.db, 'KZ-T-000101');
  assert.deepEqual(attributes.ids, [{ state: 'kz', value: 'KZ-T-000101' }]);
  assert.deepEqual((await subjectAttributes(kz.db, 'KZ-T-000101', 'ru')).ids.length, 2);
  const query = ask(kz, { reference, ...attributes }, { query: { type: 'identity' } });
  const evidence = { ...PERIODS, type: 'identity', schema: {} };
  const { payload } = await kz.db.transaction((tx) =>
    serveEvidence(tx, kz, query, { from: 'kz', agency: 'kz.population', agreement: CONTRACT, evidence }),
  );
  assert.deepEqual(payload.facts, {
    citizenship: 'kz',
    nationalIds: [
      { state: 'kz', value: 'KZ-T-000101' },
      { state: 'ru', value: 'RU-T-000900' },
    ],
    names: [
      { family: 'Болатова', given: 'Айгерім', script: 'Cyrl', from: '1963-04-12', to: '1988-06-17' },
      { family: 'Bolatova', given: 'Aigerim', script: 'Latn', from: '1963-04-12', to: '1988-06-17' },
      { family: 'Сейітова', given: 'Айгерім', script: 'Cyrl', from: '1988-06-18' },
      { family: 'Seitova', given: 'Aigerim', script: 'Latn', from: '1988-06-18' },
    ],
    birthDate: '1963-04-12',
    sex: 'female',
  });
  const entries = await accessRecord(kz, 'aigerim');
  assert.deepEqual(
    entries.map(({ agency, fields }) => [agency, fields]),
    [['kz.population', ['birthDate', 'citizenship', 'names', 'nationalIds', 'sex']]],
  );
  assert.deepEqual(await accessCounts(kz, 'aigerim'), [{ state: 'kz', agency: 'kz.population', counted: 1, shown: 1 }]);
});

test('nothing of a person stands in the ledger', async (t) => {
  const { kz, kg } = await union(t);
  await answer(kg, ask(kz, { reference: 'r-1', ...AIGERIM }));
  const tables = await kg.db.query<{ name: string }>(
    "select tablename as name from pg_tables where tablename like 'ledger%'",
  );
  assert.ok(tables.length > 0);
  for (const { name } of tables) {
    const rows = await kg.db.query<{ text: string }>(`select row_to_json(${name})::text as text from ${name}`);
    for (const { text } of rows) assert.doesNotMatch(text, /Айгер|Сеит|1963|KG-P|KZ-T|r-1/, name);
  }
});
