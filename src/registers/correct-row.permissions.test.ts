import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { accessRecord, bindSubject } from '../persons/index.ts';
import { isFailure } from '../storage/index.ts';
import { type Correction, correctRow } from './correct-row.ts';
import { importCsv } from './import/import-csv.ts';
import { openRecord, type RegisterOfficer } from './officer-access.ts';
import { type TestNode, testStates } from './testing.ts';

const OFFICER: RegisterOfficer = { id: 'registrar-kz', agency: 'kz.pension-fund' };

async function fund(t: TestContext): Promise<{ kz: TestNode; correction: Correction }> {
  const { kz } = await testStates(t, { nodes: ['kz'] });
  await importCsv(kz, {
    register: 'kz.pension-fund',
    agency: 'kz.pension-fund',
    source: [
      'insurance_number,period_no,family,given,birth_date,national_number,home_state,home_number,employer,from,to,kind,contributions_paid',
      'KZ-P-000101,1,Сейітова,Айгерім,1963-04-12,KZ-T-000101,,,Мектеп,2019-02-01,2021-12-31,employment,true',
    ].join('\n'),
  });
  const correction = {
    register: 'kz.pension-fund',
    rowKey: '["KZ-P-000101",1]',
    revision: 1,
    changes: { to: '2022-12-31', contributions_paid: 'false', kind: 'self-employment' },
    reason: 'By the employer’s letter.',
    article: 'art-9',
  };
  return { kz, correction };
}

const correct = (kz: TestNode, officer: RegisterOfficer, correction: Correction) =>
  kz.db.transaction((tx) => correctRow(tx, kz, officer, correction));

test('an officer of the owning agency corrects a row, and both versions stay with who and why', async (t) => {
  const { kz, correction } = await fund(t);
  assert.equal(await correct(kz, OFFICER, correction), 2);
  const record = await kz.db.transaction((tx) =>
    openRecord(tx, kz, OFFICER, {
      register: 'kz.pension-fund',
      localId: 'kz-p-000101',
      purpose: 'inspection',
      ground: { kind: 'law', article: 'art-9' },
    }),
  );
  assert.deepEqual(
    record.rows.map(({ values }) => [values.to, values.contributions_paid, values.kind]),
    [['2022-12-31', false, 'self-employment']],
  );
  assert.deepEqual(
    record.versions.map(({ revision, cause, officer, reason }) => [revision, cause, officer, reason]),
    [
      [1, 'import', null, null],
      [2, 'correction', 'registrar-kz', 'By the employer’s letter.'],
    ],
  );
  const uses = await kz.db.query<{ actor: string; purpose: string }>(
    "select content->>'actor' as actor, content->>'purpose' as purpose from access_entries order by at, id",
  );
  assert.deepEqual(uses.map(({ actor, purpose }) => [actor, purpose]).sort(), [
    ['registrar-kz', 'inspection'],
    ['registrar-kz', 'register.correction'],
  ]);
});

test('what was done with her data before she had an account is in her record when she has one', async (t) => {
  const { kz, correction } = await fund(t);
  await importCsv(kz, {
    register: 'kz.population',
    agency: 'kz.population',
    source: [
      'personal_number,record_no,family,given,birth_date,sex,citizenship,valid_from',
      'KZ-T-000101,1,Сейітова,Айгерім,1963-04-12,F,KZ,1963-04-12',
    ].join('\n'),
  });
  await correct(kz, OFFICER, correction);
  await kz.db.transaction((tx) => bindSubject(tx, kz, { subject: 'aigerim', localId: 'KZ-T-000101' }));
  await correct(kz, OFFICER, { ...correction, revision: 2, changes: { to: '2023-12-31' } });
  const uses = await accessRecord(kz, 'aigerim');
  assert.deepEqual(
    uses.map(({ actor, purpose, counter }) => [actor, purpose, counter]),
    [
      ['registrar-kz', 'register.correction', 2],
      ['registrar-kz', 'register.correction', 1],
    ],
  );
});

test('nobody but the owning agency opens or corrects a row', async (t) => {
  const { kz, correction } = await fund(t);
  for (const agency of ['kz.population', 'ru.pension-fund', '']) {
    const stranger = { id: 'x', agency };
    await assert.rejects(correct(kz, stranger, correction), (error) => isFailure(error, 'REGISTERS_NOT_OWNER'));
    const reason = { purpose: 'x', ground: { kind: 'law' as const, article: 'x' } };
    await assert.rejects(
      kz.db.transaction((tx) =>
        openRecord(tx, kz, stranger, { register: 'kz.pension-fund', localId: 'KZ-P-000101', ...reason }),
      ),
      (error) => isFailure(error, 'REGISTERS_NOT_OWNER'),
    );
  }
  assert.deepEqual(await kz.db.query('select 1 from access_entries'), []);
});

test('a correction that is wrong, empty, without reason, or about what another changed is refused', async (t) => {
  const { kz, correction } = await fund(t);
  const cases: [Partial<Correction>, string][] = [
    [{ reason: ' ' }, 'REGISTERS_REASON_MISSING'],
    [{ rowKey: '["KZ-P-000102",1]' }, 'REGISTERS_ROW_UNKNOWN'],
    [{ revision: 2 }, 'REGISTERS_ROW_CHANGED'],
    [{ changes: { to: '2018-12-31' } }, 'REGISTERS_CORRECTION_WRONG'],
    [{ changes: { kind: '01' } }, 'REGISTERS_CORRECTION_WRONG'],
    [{ changes: { employer: '' } }, 'REGISTERS_CORRECTION_WRONG'],
    [{ changes: { salary: '1' } }, 'REGISTERS_CORRECTION_WRONG'],
    [{ changes: { insurance_number: 'KZ-P-000102' } }, 'REGISTERS_CORRECTION_KEY'],
    [{ changes: { to: '2021-12-31' } }, 'REGISTERS_CORRECTION_EMPTY'],
    [{ changes: {} }, 'REGISTERS_CORRECTION_EMPTY'],
    [{ register: 'kz.land' }, 'REGISTERS_UNKNOWN'],
  ];
  for (const [change, code] of cases) {
    await assert.rejects(correct(kz, OFFICER, { ...correction, ...change }), (error) => isFailure(error, code), code);
  }
  assert.equal((await kz.db.query('select 1 from register_rows')).length, 1);
});

test('of two officers who correct one row at once, one is told to look again', async (t) => {
  const { kz, correction } = await fund(t);
  const outcomes = await Promise.allSettled([
    correct(kz, OFFICER, correction),
    correct(kz, { ...OFFICER, id: 'another' }, { ...correction, changes: { to: '2023-12-31' } }),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  assert.ok(isFailure(failed?.reason, 'REGISTERS_ROW_CHANGED'));
});
