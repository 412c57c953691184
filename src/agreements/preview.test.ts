import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { checkFiles } from './check/check.ts';
import { getAgreement, loadFiles } from './load.ts';
import { preview } from './preview.ts';
import { edit, filesOf, inCheckout } from './testing.ts';

const pension = await getAgreement(inCheckout('agreements', 'pension'));

describe('a preview', () => {
  it('goes through a service with canned answers and evidence', () => {
    const { journey, evidence, deciders, decisions } = preview(pension, 'three-states', '2026-11-22');
    assert.equal(journey.complete, true);
    assert.deepEqual(
      evidence.map(({ key, result }) => `${key} ${result}`),
      ['identity/kz found', 'insured-periods/kg found', 'insured-periods/kz found', 'insured-periods/ru found'],
    );
    assert.deepEqual(deciders, ['kg', 'kz', 'ru']);
    assert.deepEqual(
      Object.values(decisions).map(({ outcome, months }) => [outcome, months]),
      [
        ['granted', 24],
        ['granted', 15],
        ['granted', 27],
      ],
    );
  });

  it('joins the decisions where the service does', () => {
    const { agreement } = loadFiles(filesOf('src/agreements/fixtures/wide'));
    assert.ok(agreement !== undefined);
    assert.equal(preview(agreement, 'wool', '2025-06-30').together, 'refused');
    assert.equal(preview(pension, 'three-states', '2026-11-22').together, undefined);
  });

  it('of a mock that is not there is refused', () => {
    for (const name of ['nobody', 'constructor', '__proto__']) {
      assert.throws(
        () => preview(pension, name, '2026-11-22'),
        (error) => isFailure(error, 'AGREEMENT_NO_MOCK'),
      );
    }
  });
});

describe('the mocks of an agreement', () => {
  const broken: [string, string, string, string][] = [
    [
      'facts that do not fit their schema',
      'birthDate: 1955-05-10\n    sex: female',
      "birthDate: '1955'\n    sex: female",
      'AGREEMENT_SCENARIO_FACTS',
    ],
    [
      'evidence that is not given',
      '  insured-periods/kg:\n    periods:\n      - { state: kg, employer: Ала-Тоо, from: 2024-07-01, to: 2026-06-30, kind: employment, contributionsPaid: true }\n',
      '',
      'AGREEMENT_MOCK',
    ],
    ['evidence that nobody asks for', 'evidence:\n', 'evidence:\n  insured-periods/by: none\n', 'AGREEMENT_MOCK'],
    ['evidence of no type', 'evidence:\n', 'evidence:\n  salary/kz: none\n', 'AGREEMENT_EVIDENCE_UNKNOWN'],
    ['a wrong answer', 'consent: true', 'consent: false', 'AGREEMENT_MOCK'],
    ['an answer to no question', 'consent: true', 'consent: true\n  salary: 1', 'AGREEMENT_FIELD_UNKNOWN'],
    ['a service that is not there', 'service: pension', 'service: pensions', 'AGREEMENT_SERVICE_UNKNOWN'],
    ['a home that is no party', 'home: kz', 'home: xx', 'AGREEMENT_STATE_UNKNOWN'],
    ['another name than its file', 'mock: three-states', 'mock: two-states', 'AGREEMENT_NAME_MISMATCH'],
  ];
  for (const [name, from, to, code] of broken) {
    it(`are refused with ${name}`, () => {
      const files = filesOf('agreements/pension');
      edit(files, 'mocks/three-states.yaml', from, to);
      assert.ok(checkFiles(files).findings.some((one) => one.code === code && one.file === 'mocks/three-states.yaml'));
    });
  }

  it('stand in no layer: no state ratifies them', () => {
    const files = filesOf('agreements/pension');
    files.delete('mocks/three-states.yaml');
    const { agreement } = loadFiles(files);
    assert.equal(agreement, undefined, 'its title is a text that nothing uses then');
    edit(files, 'texts/en.yaml', 'mock.threeStates: Work in three states\n', '');
    const digests = ['ru', 'kk', 'ky', 'hy', 'be'].map((language) => `texts/${language}.yaml`);
    for (const file of digests) {
      const text = Buffer.from(files.get(file) ?? '').toString('utf8');
      edit(files, file, /^mock\.threeStates: .*\n/m.exec(text)?.[0] ?? '', '');
    }
    assert.equal(loadFiles(files).agreement?.contractDigest, pension.contractDigest);
  });
});
