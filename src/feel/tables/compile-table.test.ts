import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileTable, type DecisionTable, type FeelErrorCode, type FeelValue, newTrace, toFeel } from '../index.ts';
import { exampleFacts, exampleTypes } from '../testing.ts';

const ageTable = (hitPolicy: DecisionTable['hitPolicy'], ...rows: DecisionTable['rows']): DecisionTable => ({
  name: 'rates',
  hitPolicy,
  inputs: [{ expression: 'age' }, { expression: 'kind' }],
  outputs: [{ name: 'rate' }],
  rows,
});

function decide(table: DecisionTable, facts: Record<string, FeelValue> = {}) {
  const made = compileTable(table, { types: exampleTypes });
  assert(made.ok, JSON.stringify(made));
  const trace = newTrace();
  const value = made.compiled.evaluate({ ...exampleFacts, ...facts }, { trace });
  return { value: toFeel(value), rows: trace.rows.map(({ row }) => row), trace };
}

function errorsOf(table: DecisionTable): [FeelErrorCode, string][] {
  const made = compileTable(table, { types: exampleTypes });
  assert(!made.ok, 'it compiles');
  return made.errors.map(({ code, path }) => [code, (path ?? []).join('/')]);
}

describe('hit policies', () => {
  const rows = [
    { when: ['> 5', '-'], gives: ['1.5'] },
    { when: ['> 60', '"old-age"'], gives: ['4'] },
    { when: ['< 5', '-'], gives: ['7'] },
    { when: ['-', '-'], gives: ['3'] },
  ];
  const expected: [DecisionTable['hitPolicy'], string, string[]][] = [
    ['R', '[1.5, 4, 3]', ['1', '2', '4']],
    ['C', '[1.5, 4, 3]', ['1', '2', '4']],
    ['C+', '8.5', ['1', '2', '4']],
    ['C<', '1.5', ['1']],
    ['C>', '4', ['2']],
    ['C#', '3', ['1', '2', '4']],
  ];
  for (const [policy, value, hits] of expected) {
    test(`${policy} gives ${value}`, () => {
      const decided = decide(ageTable(policy, ...rows));
      assert.deepEqual([decided.value, decided.rows], [value, hits]);
    });
  }

  test('F gives the first', () => {
    const table = ageTable('F', { when: ['> 60', '-'], gives: ['1'] }, { when: ['> 5', '-'], gives: ['2'] });
    assert.deepEqual([decide(table).value, decide(table).rows], ['1', ['1']]);
  });

  test('U gives the one row, and null where tests over facts let two rows match', () => {
    const table = ageTable('U', { when: ['> 100', '-'], gives: ['1'] }, { when: ['<= 100', '-'], gives: ['2'] });
    assert.equal(decide(table).value, '2');
    const open = ageTable(
      'U',
      { when: ['> months', '-'], gives: ['1'] },
      { when: ['> 2 * months', '-'], gives: ['2'] },
    );
    const made = compileTable(open, { types: { ...exampleTypes, months: { kind: 'number' } } });
    assert(made.ok);
    const trace = newTrace();
    assert.equal(made.compiled.evaluate({ ...exampleFacts, months: 40 }, { trace }), 1);
    assert.equal(made.compiled.evaluate({ ...exampleFacts, months: 1 }, { trace }), null);
    assert.equal(trace.problems[0]?.code, 'SEVERAL_ROWS_MATCH');
  });

  test('A gives what all agree on, else null', () => {
    const agreed = ageTable('A', { when: ['> 5', '-'], gives: ['1'] }, { when: ['-', '-'], gives: ['1.0'] });
    assert.deepEqual(decide(agreed).rows, ['1', '2']);
    assert.equal(decide(agreed).value, '1');
    const torn = ageTable('A', { when: ['> 5', '-'], gives: ['1'] }, { when: ['-', '-'], gives: ['2'] });
    assert.equal(decide(torn).value, 'null');
  });

  test('P and O follow the order of the output values', () => {
    const ranked = (hitPolicy: 'P' | 'O'): DecisionTable => ({
      ...ageTable(
        hitPolicy,
        { when: ['> 5', '-'], gives: ['"partly"'] },
        { when: ['> 6', '-'], gives: ['"refused"'] },
        { when: ['-', '-'], gives: ['"granted"'] },
      ),
      outputs: [{ name: 'outcome', values: ['"granted"', '"partly"', '"refused"'] }],
    });
    assert.equal(decide(ranked('P')).value, '"granted"');
    assert.equal(decide(ranked('O')).value, '["granted", "partly", "refused"]');
  });

  test('several outputs make a context', () => {
    const table: DecisionTable = {
      ...ageTable('F', { when: ['-', '-'], gives: ['1', 'age * 2'] }),
      outputs: [{ name: 'a' }, { name: 'b' }],
    };
    assert.equal(decide(table).value, '{a: 1, b: 122}');
  });

  test('no row: the default, else null, an empty list, or none counted', () => {
    const rows = [{ when: ['> 100', '-'], gives: ['1'] }];
    const outcomes = ['F', 'C', 'C#', 'C+'].map((policy) => {
      const table = { ...ageTable(policy as 'F', ...rows), outputs: [{ name: 'rate' }] };
      return decide(table).value;
    });
    assert.deepEqual(outcomes, ['null', '[]', '0', 'null']);
    const withDefault = { ...ageTable('U', ...rows), outputs: [{ name: 'rate', default: 'age' }] };
    assert.deepEqual(decide(withDefault), { ...decide(withDefault), value: '61', rows: [] });
  });
});

describe('cells', () => {
  const passes = (cell: string, age: number | null): boolean =>
    decide(ageTable('F', { when: [cell, '-'], gives: ['1'] }), { age }).value === '1';
  const cells: [string, number | null, boolean][] = [
    ['-', null, true],
    ['5', 5, true],
    ['5', 6, false],
    ['5, 6', 6, true],
    ['not(5, 6)', 6, false],
    ['not(5, 6)', 7, true],
    ['not(5)', null, true],
    ['not(> 5)', null, false],
    ['null', null, true],
    ['null', 5, false],
    ['< 5', 4, true],
    ['< 5', null, false],
    ['[5..7), > 100', 7, false],
    ['[5..7), > 100', 101, true],
    ['[5, 7]', 7, true],
    ['? > 5 and ? < 7', 6, true],
    ['? * 2 = 12', 6, true],
    ['count(periods) * 2', 6, true],
    ['odd(?)', 7, true],
    ['rate < 1', 0, true],
  ];
  for (const [cell, age, expected] of cells) {
    test(`${cell} ${expected ? 'lets' : 'does not let'} ${age} pass`, () => assert.equal(passes(cell, age), expected));
  }

  test('a true or false input is tested by equality', () => {
    const table: DecisionTable = {
      hitPolicy: 'U',
      inputs: [{ expression: 'age > 60' }],
      outputs: [{ name: 'x' }],
      rows: [
        { when: ['true'], gives: ['"old"'] },
        { when: ['false'], gives: ['"young"'] },
      ],
    };
    assert.equal(decide(table).value, '"old"');
    assert.equal(decide(table, { age: 3 }).value, '"young"');
    assert.equal(decide(table, { age: null }).value, 'null');
  });

  test('the trace names table, row and article', () => {
    const table = ageTable('F', { id: 'elders', article: '4.2', when: ['-', '-'], gives: ['1'] });
    assert.deepEqual(decide(table).trace.rows, [{ table: 'rates', row: 'elders', article: '4.2' }]);
    assert.deepEqual([...decide(table).trace.reads.keys()], ['age', 'kind']);
  });
});

describe('a table is refused', () => {
  const row = (age: string, kind: string) => ({ when: [age, kind], gives: ['1'] });
  const refused: Record<string, [DecisionTable, FeelErrorCode, string]> = {
    'when rows of a unique table overlap': [
      ageTable('U', row('<= 18', '-'), row('[18..60]', '"old-age"'), row('> 60', '-')),
      'FEEL_TABLE_OVERLAP',
      'rows/1',
    ],
    'when two dashes overlap': [ageTable('U', row('-', '-'), row('-', '-')), 'FEEL_TABLE_OVERLAP', 'rows/1'],
    'when rows overlap on null only': [
      ageTable('U', row('not(5)', '-'), row('5, null', '-')),
      'FEEL_TABLE_OVERLAP',
      'rows/1',
    ],
    'when a row is hidden by an earlier one': [
      ageTable('F', row('> 5', '-'), row('> 6', '"survivor"')),
      'FEEL_TABLE_UNREACHABLE',
      'rows/1',
    ],
    'when nothing passes a test': [
      ageTable('F', row('not(< 5, >= 5)', '-'), row('-', '-')),
      'FEEL_TABLE_UNREACHABLE',
      'rows/0',
    ],
    'when a value of an enumeration has no row': [
      ageTable('U', row('<= 18', '"old-age"'), row('-', '"survivor"')),
      'FEEL_TABLE_GAP',
      'rows/1',
    ],
    'when a test has another type': [ageTable('F', row('"a"', '-'), row('-', '-')), 'FEEL_COMPARISON', 'rows/0/when/0'],
    'when a test names no value of the enumeration': [
      ageTable('F', row('-', '"old"'), row('-', '-')),
      'FEEL_ENUMERATION',
      'rows/0/when/1',
    ],
    'when cells are missing': [ageTable('F', { when: ['-'], gives: ['1'] }), 'FEEL_TABLE', 'rows/0/when'],
    'when it has no rows': [ageTable('F'), 'FEEL_TABLE', 'rows'],
    'when a priority table has no order': [ageTable('P', row('-', '-')), 'FEEL_TABLE', 'outputs'],
    'when a sum has two outputs': [
      { ...ageTable('C+', { when: ['-', '-'], gives: ['1', '2'] }), outputs: [{ name: 'a' }, { name: 'b' }] },
      'FEEL_TABLE',
      'hitPolicy',
    ],
    'when a result has another type': [
      { ...ageTable('F', row('-', '-')), outputs: [{ name: 'a', type: { kind: 'string' } }] },
      'FEEL_RESULT',
      'rows/0/gives/0',
    ],
  };
  for (const [why, [table, code, path]] of Object.entries(refused)) {
    test(why, () => {
      const found = errorsOf(table);
      assert(
        found.some(([had, at]) => had === code && at === path),
        JSON.stringify(found),
      );
    });
  }

  test('with the lines of its file, where the caller knows them', () => {
    const made = compileTable(ageTable('F', row('foo', '-'), row('-', '-')), {
      types: exampleTypes,
      file: 'rules/rates.yaml',
      place: (path) => (path.join('/') === 'rows/0/when/0' ? { line: 12, column: 9 } : undefined),
    });
    assert(!made.ok);
    const [{ file, line, column } = {}] = made.errors;
    assert.deepEqual({ file, line, column }, { file: 'rules/rates.yaml', line: 12, column: 9 });
  });

  test('and every mistake is named at once', () => {
    const found = errorsOf(ageTable('F', row('foo', '"x"'), { when: ['-', '-'], gives: ['bar'] }));
    assert.deepEqual(
      found.map(([code]) => code),
      ['FEEL_UNKNOWN_NAME', 'FEEL_ENUMERATION', 'FEEL_UNKNOWN_NAME'],
    );
  });

  test('rows that touch do not overlap', () => {
    const table = ageTable('U', row('< 18', '-'), row('[18..60)', '-'), row('[60..65]', '-'), row('> 65', '-'));
    assert.equal(decide(table).value, '1');
    const kinds = ageTable('U', row('-', '"old-age"'), row('-', 'not("old-age")'));
    assert.equal(decide(kinds).value, '1');
  });
});
