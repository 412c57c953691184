import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import dates from './cases/dates.json';
import lists from './cases/lists.json';
import logic from './cases/logic.json';
import { compile, compileTable, type FeelValue, newTrace, toFeel } from './index.ts';
import { exampleFacts, exampleTypes } from './testing.ts';

const evaluate = (source: string, budget?: number): { value: FeelValue; codes: string[] } => {
  const made = compile(source, { types: exampleTypes, mode: 'loose' });
  if (!made.ok) return { value: null, codes: made.errors.map((error) => error.code) };
  const trace = newTrace();
  const value = made.compiled.evaluate(exampleFacts, { trace, ...(budget && { budget }) });
  return { value, codes: trace.problems.map((problem) => problem.code) };
};

describe('evaluation always ends', () => {
  const endless = {
    'a loop over a thousand million numbers': 'for i in 1..1000000000 return i',
    'a search that finds nothing': 'some i in 1..1000000000 satisfies i < 0',
    'loops in loops': 'for a in 1..9999, b in 1..9999, c in 1..9999 return 1',
    'a filter inside a loop': 'for i in 1..100000 return count([1, 2, 3, 4, 5, 6, 7, 8, 9][item > i])',
    'a function that is handed to itself': '(function(f) f(f))(function(f) f(f))',
    'functions that call two of themselves': '(function(f) f(f))(function(f) [f(f), f(f)])',
    'a text that doubles': 'for i in 1..200 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    'a list that doubles': 'for i in 1..200 return if i = 1 then [1, 2] else concatenate(partial[-1], partial[-1])',
    'a list that holds its copies, flattened':
      'count(flatten(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]))',
    'a list that holds its copies, compared':
      'for l in [for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]] return l = l',
    'a list that holds its copies, written out':
      'string(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])',
    'a list that holds its copies, asked for its type':
      'for l in [for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1]]] return l[-1] instance of list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<list<number>>>>>>>>>>>>>>>>>>>>>>>>',
    'a list nested a hundred thousand deep': 'count(for i in 1..100000 return [partial[-1]])',
    'a nested list compared': 'for l in [for i in 1..30000 return [partial[-1]]] return l = [l]',
    'a text searched for a text as long':
      'for i in 1..9 return for t in [for j in 1..18 return if j = 1 then "ab" else partial[-1] + partial[-1]] return contains(t[-1], "b" + t[-2])',
    'contexts copied': 'for c in [{a: 1}] return for i in 1..1000000 return context put(c, string(i), partial)',
    'long texts of numbers kept': 'for i in 1..1000000 return string(10 ** 6000 + i)',
    'a range read from a long text': 'range(string join(for i in 1..100000 return "..", ""))',
    'powers of powers': '9 ** 9 ** 9 ** 9',
    'a small power of a large number': '1.0000001 ** 999999999999',
    exponents: 'exp(exp(exp(exp(10))))',
    'a long sort': 'sort(for i in 1..100000 return -i, function(a, b) a < b)',
    'long texts joined': 'string join(for i in 1..100000 return string(periods), "")',
  };
  for (const [what, source] of Object.entries(endless)) {
    test(what, () => {
      const { codes } = evaluate(source);
      assert(!codes.includes('INTERNAL'), codes.join());
    });
  }

  test('by its budget, and says so', () => {
    const { value, codes } = evaluate('for i in 1..1000000000 return i');
    assert.equal(value, null);
    assert.deepEqual(codes, ['BUDGET_SPENT']);
    assert.deepEqual(evaluate('sum(for i in 1..100 return i)', 50).codes, ['BUDGET_SPENT']);
    assert.equal(evaluate('sum(for i in 1..100 return i)', 1000).value, 5050);
  });
});

describe('no source makes the compiler throw or hang', () => {
  const repeated = [
    '(',
    '[',
    '{a:',
    'if ',
    '-',
    'a.',
    'f(',
    'a[',
    'not(',
    '"',
    '@',
    'function(a) ',
    'for i in a return ',
    'a and ',
    '1..',
    '/*',
  ];
  test('however often a piece is repeated', () => {
    for (const piece of repeated) for (const times of [1, 50, 500, 3000]) evaluate(piece.repeat(times));
  });

  test('loops whose bodies mention their own results, inside each other', () => {
    const { codes } = evaluate(`${'for i in [1] return [partial, '.repeat(60)}1${']'.repeat(60)}`);
    assert.deepEqual(codes, ['FEEL_TOO_DEEP']);
  });

  test('a type that uses its parts many times over', () => {
    const entries = Array.from({ length: 100 }, (_, index) => `x${index + 1}: {a: x${index}, b: x${index}}`).join(', ');
    assert.deepEqual([...new Set(evaluate(`{x0: {a: 1, b: 1}, ${entries}}`).codes)], ['FEEL_TOO_LARGE']);
  });

  test('a context whose names are long', () => {
    const facts = { c: new Map([[' '.repeat(500_000), 1]]) };
    const made = compile('c.a', { types: { c: { kind: 'any' } } });
    assert(made.ok);
    assert.equal(made.compiled.evaluate(facts), null);
  });

  test('a source of many names', () => {
    evaluate(`{${Array.from({ length: 600 }, (_, index) => `k${index}: ${index}`).join(', ')}}`);
  });

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (source) => {
        evaluate(source);
        compile(source, { types: exampleTypes });
      }),
      { numRuns: 300 },
    );
  });

  test('any shuffle of the words of the language', () => {
    const words = fc.constantFrom(
      ...'if then else for in return some every satisfies and or not between instance of function date time duration null true periods person age name kind born months state from item partial ? . , ( ) [ ] { } : + - * / ** = != < <= > >= .. "a" 1 0.5 @"2021-01-01" count sum string'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (parts) => {
        const source = parts.join(' ');
        assert(!evaluate(source).codes.includes('INTERNAL'), source);
        compile(source, { types: exampleTypes });
        compileTable(
          {
            hitPolicy: 'U',
            inputs: [{ expression: 'age' }],
            outputs: [{ name: 'x' }],
            rows: [{ when: [source], gives: [source] }],
          },
          { types: exampleTypes },
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('no fact makes evaluation throw', () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
    fc.constantFrom(...Object.values(exampleFacts)),
  ) as fc.Arbitrary<FeelValue>;

  test('even where the scope holds what is no value at all', () => {
    const sources = [...dates, ...lists, ...logic]
      .map(([source = '']) => source)
      .filter((source) => /[a-z]/.test(source));
    const compiled = sources.flatMap((source) => {
      const made = compile(source, { types: exampleTypes });
      return made.ok && made.compiled.dependencies.length > 0 ? [made.compiled] : [];
    });
    assert(compiled.length > 10);
    fc.assert(
      fc.property(fc.record(Object.fromEntries(Object.keys(exampleTypes).map((name) => [name, anything]))), (scope) => {
        for (const one of compiled) one.evaluate(scope as Record<string, FeelValue>);
      }),
      { numRuns: 200 },
    );
  });

  test('names of the runtime are no facts', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const made = compile(name, { types: { [name]: { kind: 'any' } } });
      assert(made.ok);
      assert.equal(made.compiled.evaluate({}), null);
      assert(!compile(name, { types: {} }).ok);
      const inside = compile(`c.${name}`, { types: { c: { kind: 'any' } } });
      assert(inside.ok);
      assert.equal(inside.compiled.evaluate({ c: new Map() }), null);
      assert.equal(toFeel(inside.compiled.evaluate({ c: {} as FeelValue })), 'null');
    }
  });

  test('nothing outside of the scope can be named', () => {
    for (const name of ['process', 'globalThis', 'require', 'import', 'eval', 'Function', 'fetch']) {
      assert(!compile(name, { types: {} }).ok, name);
      assert(!compile(`${name}("x")`, { types: {} }).ok, name);
    }
  });
});
