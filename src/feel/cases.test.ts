import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import dates from './cases/dates.json';
import lists from './cases/lists.json';
import logic from './cases/logic.json';
import numbers from './cases/numbers.json';
import patterns from './cases/patterns.json';
import ranges from './cases/ranges.json';
import refusals from './cases/refusals.json';
import texts from './cases/texts.json';
import { compile, newTrace, toFeel } from './index.ts';
import { constantValue, exampleFacts, exampleTypes } from './testing.ts';

/** Each case is an expression, and the expression of the value that it must give. */
const FAMILIES = { numbers, texts, logic, dates, lists, ranges, patterns } as const;

for (const [family, cases] of Object.entries(FAMILIES)) {
  describe(`FEEL: ${family}`, () => {
    for (const [source = '', expected = ''] of cases) {
      test(`${source} is ${expected}`, () => {
        const made = compile(source, { types: exampleTypes });
        assert(made.ok, JSON.stringify(made.ok ? '' : made.errors));
        const trace = newTrace();
        const value = made.compiled.evaluate(exampleFacts, { trace });
        assert.equal(toFeel(value), toFeel(constantValue(expected)));
        assert.deepEqual(
          trace.problems.filter((problem) => problem.code === 'INTERNAL'),
          [],
        );
      });
    }
  });

  test(`FEEL: ${family} mean the same in loose mode`, () => {
    for (const [source = '', expected = ''] of cases) {
      const made = compile(source, { types: exampleTypes, mode: 'loose' });
      assert(made.ok, source);
      assert.equal(toFeel(made.compiled.evaluate(exampleFacts)), toFeel(constantValue(expected)), source);
    }
  });
}

describe('FEEL refuses, at the place of the mistake', () => {
  for (const [source, code, line, column] of refusals as [string, string, number, number][]) {
    test(`${JSON.stringify(source)}: ${code}`, () => {
      const made = compile(source, { types: exampleTypes, file: 'rules.yaml' });
      assert(!made.ok, 'it compiles');
      const [first] = made.errors;
      assert.deepEqual(
        { code: first?.code, line: first?.line, column: first?.column, file: first?.file },
        { code, line, column, file: 'rules.yaml' },
      );
      for (const error of made.errors) {
        assert.match(error.message, /\.$/);
        assert.doesNotMatch(error.message + error.hint, /[{}]\w+[{}]|undefined/, 'a sentence has an open place');
        assert.notEqual(error.hint, '');
      }
    });
  }

  test('an expression that begins inside a file has its errors at the lines of the file', () => {
    const made = compile('1 +\n  foo + bar', { types: {}, at: { line: 10, column: 14 } });
    assert(!made.ok);
    assert.deepEqual(
      made.errors.map(({ line, column }) => [line, column]),
      [
        [11, 3],
        [11, 9],
      ],
    );
  });

  test('a value of another type than the wanted one is refused, one of Any is checked when it comes', () => {
    const wanted = compile('name', { types: exampleTypes, expect: { kind: 'number' } });
    assert(!wanted.ok);
    assert.equal(wanted.errors[0]?.code, 'FEEL_RESULT');
    const open = compile('open', { types: { open: { kind: 'any' } }, expect: { kind: 'number' } });
    assert(open.ok);
    assert.equal(open.compiled.evaluate({ open: 5 }), 5);
    const trace = newTrace();
    assert.equal(open.compiled.evaluate({ open: 'five' }, { trace }), null);
    assert.equal(trace.problems[0]?.code, 'TYPE_MISMATCH');
  });

  test('a near name is suggested', () => {
    const made = compile('person.birthdate', { types: exampleTypes });
    assert(!made.ok);
    assert.equal(made.errors[0]?.hint, 'Did you mean birth date?');
  });
});
