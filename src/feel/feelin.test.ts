import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
