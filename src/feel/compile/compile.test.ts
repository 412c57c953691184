import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CompileOptions, compile, type FeelValue, newTrace, parseDateTime, toFeel, typeText } from '../index.ts';
import { exampleFacts, exampleTypes } from '../testing.ts';

function compiled(source: string, options: Partial<CompileOptions> = {}) {
  const made = compile(source, { types: exampleTypes, ...options });
  assert(made.ok, JSON.stringify(made));
  return made.compiled;
}

describe('types are inferred', () => {
  const inferred: [string, string][] = [
    ['age + 1', 'number'],
    ['periods.from', 'list<date>'],
    ['periods[1].from', 'date'],
    ['periods[months > 1]', 'list<context<state: "kz" | "kg" | "ru", from: date, to: date, months: number>>'],
    ['if age > 3 then "a" else "b"', '"a" | "b"'],
    ['[1, "a"]', 'list<Any>'],
    ['{a: born, b: [age]}', 'context<a: date, b: list<number>>'],
    ['max(periods.from)', 'date'],
    ['born + @"P1Y"', 'date'],
    ['born - born', 'days and time duration'],
    ['duration("P1Y")', 'years and months duration'],
    ['append([age], 1)', 'list<number>'],
    ['flatten([[born]])', 'list<date>'],
    ['get value(person, "sex")', '"f" | "m"'],
    ['function(x: number) x * 2', 'function<number> -> number'],
    ['for i in 1..3 return if i = 1 then {n: 1} else {n: partial[-1].n * i}', 'list<context<n: number>>'],
    ['for i in 1..3 return if count(partial) = 0 then born else partial[-1] + @"P1D"', 'list<date>'],
    ['[1..5]', 'range<number>'],
    ['null', 'null'],
  ];
  for (const [source, type] of inferred) {
    test(`${source} is ${type}`, () => assert.equal(typeText(compiled(source).type), type));
  }
});

describe('dependencies', () => {
  const read: [string, string[]][] = [
    ['1 + 2', []],
    ['age > rate', ['age', 'rate']],
    ['person.birth date', ['person.birth date']],
    ['person', ['person']],
    ['periods.from', ['periods.from']],
    ['periods[from < born].months', ['born', 'periods', 'periods.from', 'periods.months']],
    ['for p in periods return p.months', ['periods', 'periods.months']],
    ['some age in [1] satisfies age > 0', []],
    ['{age: 1, b: age}.b', []],
    ['if true then 1 else age', ['age']],
  ];
  for (const [source, expected] of read) {
    test(`${source} reads ${expected.join(', ') || 'nothing'}`, () =>
      assert.deepEqual(compiled(source).dependencies, expected));
  }
});

describe('the trace', () => {
  test('has the facts that were read, in order, and not those that were not needed', () => {
    const trace = newTrace();
    compiled('if age > 60 then person.birth date else born').evaluate(exampleFacts, { trace });
    assert.deepEqual([...trace.reads.keys()], ['age', 'person.birth date']);
    assert.equal(toFeel(trace.reads.get('person.birth date') ?? null), 'date("1960-02-29")');
  });

  test('says why a value is null, without values', () => {
    const reasons = (source: string, facts: Record<string, FeelValue>): string[] => {
      const trace = newTrace();
      const value = compiled(source, { types: { x: { kind: 'any' } } }).evaluate(facts, { trace });
      assert.equal(value, null);
      return trace.problems.map(({ code, detail }) => `${code} ${detail}`);
    };
    assert.deepEqual(reasons('x + 1', { x: 'secret' }), ['TYPE_MISMATCH string + number']);
    assert.deepEqual(reasons('x > 1', { x: 'secret' }), ['TYPE_MISMATCH string > number']);
    assert.deepEqual(reasons('date(x)', { x: 'secret' }), ['ARGUMENT_INVALID date']);
    assert.deepEqual(reasons('1 / x', { x: 0 }), ['NUMBER_OUT_OF_RANGE /']);
    assert.deepEqual(reasons('x.year', { x: 1 }), ['NO_SUCH_ENTRY number.year']);
    assert.deepEqual(reasons('x + 1', { x: null }), []);
  });

  test('counts the steps', () => {
    const trace = newTrace();
    compiled('sum(for i in 1..1000 return i)').evaluate({}, { trace });
    assert(trace.steps > 1000 && trace.steps < 10_000, String(trace.steps));
  });
});

describe('what is kept while an expression runs', () => {
  test('follows the names that it depends on', () => {
    const sources: [string, string][] = [
      ['for i in 1..3 return count([1, 2, 3][item >= i])', '[3, 2, 1]'],
      ['for i in 1..2, j in 1..2 return sum([i, j])', '[2, 3, 3, 4]'],
      ['for i in 1..2 return {s: sum([i, 1]), t: sum([i, 1]) + s}.t', '[4, 6]'],
      ['for i in [1, 2] return sum(for j in [1, 2] return sum([i, i]) + sum([j]))', '[7, 11]'],
      ['sum([age]) + sum([age])', '122'],
      ['[(function(n: number) sum([n]) + sum([n]))(1), (function(n: number) sum([n]) + sum([n]))(2)]', '[2, 4]'],
      ['for f in [function(n: number) sum([n]) + sum([n])], n in [1, 5] return f(n)', '[2, 10]'],
      ['sort([1, 2, 3], function(a, b) sum([a]) > sum([b]))', '[3, 2, 1]'],
      ['[1, 2, 3][sum([item]) in (sum([1]), sum([3]))]', '[1, 3]'],
      ['for i in 1..3 return if i = 1 then sum([0]) else sum(partial) + count(partial)', '[0, 1, 3]'],
    ];
    for (const [source, expected] of sources) {
      assert.equal(toFeel(compiled(source).evaluate(exampleFacts)), expected, source);
    }
  });

  test('is forgotten with the evaluation', () => {
    const one = compiled('for i in [1, 2] return sum([age, age])');
    assert.equal(toFeel(one.evaluate({ age: 1 })), '[2, 2]');
    assert.equal(toFeel(one.evaluate({ age: 5 })), '[10, 10]');
  });
});

describe('names', () => {
  test('may have spaces, signs and words of the language', () => {
    const types = {
      'date of birth': exampleTypes.born,
      'a-b': exampleTypes.age,
      'time in state': exampleTypes.age,
    } as const;
    const options = { types: types as CompileOptions['types'] };
    const facts = { 'date of birth': exampleFacts.born ?? null, 'a-b': 5, 'time in state': 7 };
    assert.equal(compiled('date of birth.year + a-b', options).evaluate(facts), 1965);
    assert.equal(compiled('a - b * 2 + time in state', options).evaluate(facts), 17);
  });

  test('of facts do not hide functions that they cannot be', () => {
    const options = { types: { count: exampleTypes.age, list: exampleTypes.periods } as CompileOptions['types'] };
    assert.equal(compiled('count(list) + count', options).evaluate({ count: 4, list: [] }), 4);
  });

  test('are those of the types at the moment of compiling', () => {
    const types: Record<string, CompileOptions['types'][string]> = { a: { kind: 'number' } };
    assert(!compile('a-b', { types }).ok);
    types['a-b'] = { kind: 'number' };
    assert.equal(compiled('a-b', { types }).evaluate({ 'a-b': 3 }), 3);
  });
});

describe('the clock', () => {
  test('is the caller’s, for those who ask for it', () => {
    const now = parseDateTime('2026-11-22T10:00:00Z') ?? undefined;
    assert.equal(toFeel(compiled('today()', { clock: true }).evaluate({}, { now })), 'date("2026-11-22")');
    assert.equal(compiled('now()', { clock: true }).evaluate({}), null);
  });
});

describe('loose mode', () => {
  const loose: [string, string][] = [
    ['1 + "a"', 'null'],
    ['"a" > 1', 'null'],
    ['unknown', 'null'],
    ['unknown(1)', 'null'],
    ['if "a" then 1 else 2', '2'],
    ['[{x: 1}, {y: 2}][y > 1]', '[{y: 2}]'],
    ['count(5)', '1'],
    ['abs([-5])', '5'],
    ['true and 5', 'null'],
    ['"foo" = "bar"', 'false'],
    ['date("2021-02-30")', 'null'],
    ['{a: 1, a: 2}', 'null'],
    ['person.shoe size', 'null'],
  ];
  for (const [source, value] of loose) {
    test(`${source} is ${value}`, () =>
      assert.equal(toFeel(compiled(source, { mode: 'loose' }).evaluate(exampleFacts)), value));
  }

  test('still refuses what is no FEEL', () => {
    assert(!compile('1 +', { types: {}, mode: 'loose' }).ok);
  });
});
