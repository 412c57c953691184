import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFiles } from '../check/check.ts';
import { edit, filesOf } from '../testing.ts';
import { coverageLines } from './coverage-lines.ts';

describe('the coverage of scenarios', () => {
  it('counts rules, conditions, rows and annexes', () => {
    const { coverage } = checkFiles(filesOf('src/agreements/fixtures/good'));
    assert.deepEqual(coverage?.rows, { met: 2, all: 2 });
    assert.equal(coverage?.scenarios, 3);
    assert.deepEqual(coverage?.annexes.kz, {
      decisions: 3,
      outcomes: { granted: 2, partly: 1, refused: 0, undecided: 0 },
    });
    const lives = coverage?.rules.find(({ rule }) => rule === 'lives');
    assert.deepEqual(lives, { rule: 'lives', values: 4, nulls: 0, truths: { true: 3, false: 1 }, rows: [] });
    const affordable = coverage?.rules.find(({ rule }) => rule === 'affordable');
    assert.deepEqual(
      affordable?.rows.map(({ row, met }) => [row, met]),
      [
        ['cheap', 3],
        ['dear', 1],
      ],
    );
  });

  it('counts a national rule in each annex by itself, and a row in each of its versions', () => {
    const { coverage, findings } = checkFiles(filesOf('agreements/pension'));
    assert.deepEqual(findings, []);
    assert.deepEqual(coverage?.rows.met, coverage?.rows.all);
    const earlier = coverage?.rules.filter(({ rule }) => rule === 'earlierLaw');
    assert.deepEqual(
      earlier?.map(({ annex }) => annex),
      ['am', 'by', 'kg', 'kz', 'ru'],
    );
    const russian = earlier?.find(({ annex }) => annex === 'ru');
    assert.deepEqual(
      russian?.rows.map(({ row, from }) => `${row} ${from ?? ''}`),
      ['from-belarus ', 'from-elsewhere ', 'from-belarus 2023-01-01', 'from-elsewhere 2023-01-01'],
    );
  });

  it('says of each row of an annex that no scenario meets where it stands, and refuses', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(
      files,
      'annexes/kg/annex.yaml',
      '- value: 20 + 5',
      `- table:
          hit: first
          inputs: [units]
          rows:
            short: { when: ['<= 2'], gives: '25' }
            long: { when: ['> 2'], gives: '20' }`,
    );
    const { findings, coverage } = checkFiles(files);
    assert.deepEqual(
      findings.map(({ code, file, line, message }) => [code, file, line, message]),
      [['AGREEMENT_ROW_NOT_MET', 'annexes/kg/annex.yaml', 13, 'No scenario meets the row long of rate of kg.']],
    );
    const lines = coverageLines(coverage ?? assert.fail());
    assert.ok(lines.includes('  table rows  3 of 4 met'), lines.join('\n'));
    assert.ok(
      lines.some((line) => /^ {2}rate \(kg\) .* 1 of 2 +long$/.test(line)),
      lines.join('\n'),
    );
  });
});
