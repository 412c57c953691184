import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FeelType, NUMBER, STRING, toFeel } from '../../feel/index.ts';
import { collectFindings } from '../findings.ts';
import { tableAt } from './expressions.ts';
import type { TableShape } from './kinds/rules.ts';
import { readYaml } from './yaml.ts';

/** The value of a table as YAML has it, for a number `n`; or its findings with their lines. */
function decide(yaml: string, n: number, expect?: FeelType): string | { code: string; line: number }[] {
  const findings = collectFindings();
  const source = readYaml('rules/t.yaml', Buffer.from(yaml), findings);
  assert(source !== undefined);
  const types = { n: NUMBER };
  const made = tableAt(
    source,
    [],
    't',
    source.value as unknown as TableShape,
    { types, ...(expect && { expect }) },
    findings,
  );
  if (made === undefined) return findings.list().map(({ code, line }) => ({ code, line }));
  return toFeel(made.evaluate({ n }));
}

const rows = `
inputs: [n]
rows:
  two: { when: ['>= 2'], gives: '20' }
  one: { when: ['>= 1'], gives: '10.5' }
  more: { when: ['>= 3'], gives: '30' }
`;

describe('a decision table in YAML has every hit policy of DMN', () => {
  const cases: readonly (readonly [hit: string, value: string])[] = [
    ['hit: first', '20'],
    ['hit: ruleOrder', '[20, 10.5, 30]'],
    ['hit: collect', '[20, 10.5, 30]'],
    ['hit: collectSum', '60.5'],
    ['hit: collectMin', '10.5'],
    ['hit: collectMax', '30'],
    ['hit: collectCount', '3'],
    ["hit: priority\nvalues: ['10.5', '30', '20']", '10.5'],
    ["hit: outputOrder\nvalues: ['30', '10.5', '20']", '[30, 10.5, 20]'],
  ];
  for (const [hit, value] of cases) {
    // In a table where the first row decides, a row that is always hidden is refused: there the third must be another.
    const written = hit === 'hit: first' ? rows.replace('>= 3', '< 0').replace('>= 1', '[1..2)') : rows;
    test(hit.replace('\n', ', '), () => assert.equal(decide(hit + written, 5), value));
  }

  test('unique and any want rows that agree', () => {
    const apart = rows.replace('>= 2', '[2..3)').replace('>= 1', '< 2');
    assert.equal(decide(`hit: unique${apart}`, 2), '20');
    assert.deepEqual(
      (decide(`hit: unique${rows}`, 2) as { code: string }[]).map(({ code }) => code),
      ['FEEL_TABLE_OVERLAP', 'FEEL_TABLE_OVERLAP', 'FEEL_TABLE_OVERLAP'],
    );
    assert.equal(decide(`hit: any${rows.replaceAll(/'(20|10.5|30)'/g, "'7'")}`, 5), '7');
    assert.equal(decide(`hit: any${rows}`, 5), 'null');
  });

  test('the default stands where no row matches', () => {
    assert.equal(decide(`hit: collectSum\ndefault: '0'${rows}`, 0), '0');
    assert.equal(decide(`hit: collect\ndefault: '0'${rows}`, 0), '[0]');
    assert.equal(decide(`hit: collect${rows}`, 0), '[]');
  });

  test('what is wrong with values and default is found at their lines', () => {
    assert.deepEqual(decide(`hit: priority${rows}`, 1), [{ code: 'FEEL_TABLE', line: 1 }]);
    const values = "hit: priority\nvalues:\n  - '30'\n  - '1 +'";
    assert.deepEqual(decide(values + rows, 1), [{ code: 'FEEL_SYNTAX', line: 4 }]);
    assert.deepEqual(decide(`hit: first\ndefault: nobody${rows.replace('>= 3', '< 0')}`, 1, NUMBER), [
      { code: 'FEEL_UNKNOWN_NAME', line: 2 },
    ]);
    assert(Array.isArray(decide(`hit: collectCount${rows}`, 1, STRING)), 'a count is no text');
  });
});
