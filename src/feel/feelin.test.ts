import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { evaluate, date as feelinDate } from 'feelin';
import dates from './cases/dates.json';
import known from './cases/feelin-differs.json';
import lists from './cases/lists.json';
import logic from './cases/logic.json';
import numbers from './cases/numbers.json';
import ranges from './cases/ranges.json';
import texts from './cases/texts.json';
import { compile, FeelDate, type FeelValue, toJson } from './index.ts';
import { exampleFacts, exampleTypes } from './testing.ts';

/** Where `feelin` 8.2 differs from the specification, each with the reason. */
const differs: Readonly<Record<string, string>> = known;
const sources = [numbers, texts, logic, dates, lists, ranges].flat().map(([source = '']) => source);

describe('feelin, an implementation by others', () => {
  test('gives what this one gives, except where it is known to be wrong', () => {
    const found = sources.filter((source) => ours(source) !== theirs(source));
    assert.deepEqual(found.toSorted(), Object.keys(differs).toSorted());
  });

  test('differs where docs/conformance.md says so, and nowhere else', () => {
    const page = readFileSync(join(process.env.COMMONWAY_ROOT ?? '.', 'docs', 'conformance.md'), 'utf8');
    const shown = page.slice(page.indexOf('## feelin')).matchAll(/^\| `(.+)` \| (.+) \|$/gm);
    assert.deepEqual(Object.fromEntries([...shown].map(([, source, reason]) => [source, reason])), differs);
  });

  test('agrees on expressions that are made up at random of what both have', () => {
    fc.assert(
      fc.property(expression, (source) => {
        assert.equal(ours(source), theirs(source), source);
      }),
    );
  });
});

/** Whole numbers, texts, conditions and lists of them: small enough for the doubles of the other. */
const { expression } = fc.letrec<Record<'expression' | 'number' | 'condition' | 'text' | 'list', string>>((tie) => {
  const [number, condition, text, list] = [tie('number'), tie('condition'), tie('text'), tie('list')];
  const form = (parts: readonly string[], ...inside: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...inside).map((made) => parts.reduce((written, part, at) => written + made[at - 1] + part));
  return {
    expression: fc.oneof(number, condition, text, list),
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.integer({ min: 0, max: 9 }).map(String),
      fc.constantFrom('age', 'count(periods)', 'sum(periods.months)', 'born.year', 'periods[1].months'),
      form(['(', ' + ', ')'], number, number),
      form(['(', ' - ', ')'], number, number),
      form(['(', ' * ', ')'], number, number),
      form(['(if ', ' then ', ' else ', ')'], condition, number, number),
      form(['count(', ')'], list),
      form(['abs(', ')'], number),
      form(['string length(', ')'], text),
    ),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('true', 'false', 'age >= 60', 'born < @"1961-01-01"', 'kind = "old-age"'),
      form(['(', ' < ', ')'], number, number),
      form(['(', ' = ', ')'], number, number),
      form(['(', ' and ', ')'], condition, condition),
      form(['(', ' or ', ')'], condition, condition),
      form(['not(', ')'], condition),
      form(['(some x in ', ' satisfies x > ', ')'], list, number),
      form(['(every x in ', ' satisfies x > ', ')'], list, number),
      form(['contains(', ', ', ')'], text, text),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('"a"', '"Айгерим"', '"b c"', 'name'),
      form(['(', ' + ', ')'], text, text),
      form(['upper case(', ')'], text),
      form(['substring before(', ', "b")'], text),
    ),
    list: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('[]', '[3, 1, 2]', 'periods.months'),
      form(['[', ', ', ']'], number, number),
      form(['', '[item > ', ']'], list, number),
      form(['(for x in ', ' return x + ', ')'], list, number),
      form(['append(', ', ', ')'], list, number),
      form(['reverse(', ')'], list),
      form(['distinct values(', ')'], list),
      form(['concatenate(', ', ', ')'], list, list),
    ),
  };
});

function ours(source: string): string {
  const made = compile(source, { types: exampleTypes });
  assert(made.ok, source);
  return JSON.stringify(toJson(made.compiled.evaluate(exampleFacts)));
}

function theirs(source: string): string {
  try {
    return JSON.stringify(evaluate(source, facts).value ?? null);
  } catch (error) {
    return `throws ${(error as Error).name}`;
  }
}

/** The facts as `feelin` has them: doubles, objects, its own dates. */
function asTheirs(value: FeelValue): unknown {
  if (value instanceof FeelDate) return feelinDate(String(value));
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, entry]) => [name, asTheirs(entry)]));
  return Array.isArray(value) ? value.map(asTheirs) : toJson(value);
}

const facts = Object.fromEntries(Object.entries(exampleFacts).map(([name, value]) => [name, asTheirs(value)]));
