import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFiles } from '../check/check.ts';
import { edit, filesOf } from '../testing.ts';

const SCENARIOS = 'scenarios/permit.yaml';

/** What differs when one expectation of the good agreement is changed. */
function differencesWith(from: string, to: string): string[] {
  const files = filesOf('src/agreements/fixtures/good');
  edit(files, SCENARIOS, from, to);
  const { scenarios, findings } = checkFiles(files);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['AGREEMENT_SCENARIO_FAILED'],
  );
  return scenarios.differences.flatMap(({ differences }) =>
    differences.map(({ path, expected, actual }) => `${path}: ${JSON.stringify(expected)} / ${JSON.stringify(actual)}`),
  );
}

describe('a scenario', () => {
  const changes: [what: string, from: string, to: string, difference: string][] = [
    ['the path', 'path: [where, rest]', 'path: [where, guest]', 'path[2]: "guest" / "rest"'],
    ['the deciders', 'deciders: [kz]', 'deciders: [kg]', 'deciders[1]: "kg" / "kz"'],
    [
      'the transactions',
      'TRN.001/kz, P.PK.01.TRN.002/kg',
      'TRN.002/kg, P.PK.01.TRN.002/kg',
      'transactions[2]: "P.PK.01.TRN.002/kg" / "P.PK.01.TRN.001/kz"',
    ],
    ['the outcome', 'outcome: partly', 'outcome: refused', 'decisions.kz.outcome: "refused" / "partly"'],
    ['the months', 'months: 3', 'months: 4', 'decisions.kz.months: 4 / 3'],
    ['a value', 'fee: 120', 'fee: 12', 'decisions.kz.values.fee: 12 / 120'],
    ['a row', 'affordable: dear', 'affordable: cheap', 'decisions.kz.rows.affordable: "cheap" / "dear"'],
    [
      'an article',
      'articles: [parking-law]',
      'articles: [parking-law, parking-none]',
      'decisions.kz.articles[2]: "parking-none" / undefined',
    ],
    [
      'the source of a step',
      'source: design, facts',
      'source: law, facts',
      'decisions.kz.explanation.lives.source: "law" / "design"',
    ],
    [
      'the date of a step',
      'reference: 2025-07-01',
      'reference: 2025-06-30',
      'decisions.kz.explanation.rate.reference: "2025-06-30" / "2025-07-01"',
    ],
    [
      'the facts of a step',
      'facts: [fee]',
      'facts: [fee, zone]',
      'decisions.kz.explanation.affordable.facts[2]: "zone" / undefined',
    ],
    [
      'a step that is not there',
      '            rate: { value: 40',
      '            rates: { value: 40',
      'decisions.kz.explanation.rates: {"value":40,"article":"parking-law","reference":"2025-07-01"} / undefined',
    ],
    ['a claim of a document', 'fee: 80', 'fee: 81', 'decisions.kz.documents.permit.fee: 81 / 80'],
    [
      'a document that must not be issued',
      'documents:\n            permit: { town: kz, fee: 80 }',
      'documents: {}',
      'decisions.kz.documents.permit: undefined / {"town":"kz","fee":80}',
    ],
    [
      'a document that is not issued',
      'documents: {}, transactions',
      'documents: { permit: {} }, transactions',
      'decisions.kg.documents.permit: {} / undefined',
    ],
    [
      'the last day to decide',
      'decide: 2025-07-10',
      'decide: 2025-07-11',
      'decisions.kz.deadline.decide: "2025-07-11" / "2025-07-10"',
    ],
    [
      'what silence means',
      'silence: approve',
      'silence: refuse',
      'decisions.kz.deadline.silence: "refuse" / "approve"',
    ],
    [
      'what is told to others',
      'transactions: [P.PK.01.TRN.003]',
      'transactions: []',
      'decisions.kz.transactions[1]: undefined / "P.PK.01.TRN.003"',
    ],
  ];
  for (const [what, from, to, difference] of changes) {
    it(`fails when ${what} is another`, () => {
      assert.deepEqual(differencesWith(from, to), [difference]);
    });
  }

  it('names the rule, the row, the article and the date behind a difference', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, SCENARIOS, 'affordable: dear', 'affordable: cheap');
    const [finding] = checkFiles(files).findings;
    assert.equal(finding?.message, 'The scenario permit/rate-of-the-first-day does not hold: one thing differs.');
    assert.deepEqual(finding?.details, [
      'decisions.kz.rows.affordable',
      '  expected "cheap"',
      '  actual   "dear"',
      '  by       rule affordable, row dear, article parking-law, in force on 2025-06-30',
    ]);
  });

  it('fails on wrong answers that it does not speak of', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, SCENARIOS, 'nights: 8', 'nights: 31');
    const [first] = checkFiles(files).scenarios.differences;
    assert.deepEqual(first?.differences[0], {
      path: 'errors.nights',
      expected: undefined,
      actual: 'field.nights.error',
    });
  });
});
