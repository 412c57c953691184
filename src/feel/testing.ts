import assert from 'node:assert/strict';
import {
  compile,
  contextOf,
  DATE,
  type FeelType,
  type FeelValue,
  fromJson,
  listOf,
  NUMBER,
  oneOf,
  STRING,
} from './index.ts';

/** The names that the tests of this room use, and their values. */
export const exampleTypes: Readonly<Record<string, FeelType>> = {
  age: NUMBER,
  rate: NUMBER,
  nothing: NUMBER,
  name: STRING,
  kind: oneOf('old-age', 'disability', 'survivor'),
  born: DATE,
  person: contextOf({ 'birth date': DATE, sex: oneOf('f', 'm') }),
  periods: listOf(contextOf({ state: oneOf('kz', 'kg', 'ru'), from: DATE, to: DATE, months: NUMBER })),
};

const example = {
  age: 61,
  rate: 0.13,
  nothing: null,
  name: 'aigerim',
  kind: 'old-age',
  born: '1960-02-29',
  person: { 'birth date': '1960-02-29', sex: 'f' },
  periods: [
    { state: 'kz', from: '2021-01-01', to: '2021-12-31', months: 12 },
    { state: 'kg', from: '2020-01-01', to: '2020-06-30', months: 6 },
    { state: 'ru', from: '2022-01-01', to: null, months: 24 },
  ],
};

export const exampleFacts: Readonly<Record<string, FeelValue>> = Object.fromEntries(
  Object.entries(example).map(([name, value]) => [name, fromJson(value, exampleTypes[name] ?? STRING)]),
);

/** The value of an expression without facts. */
export function constantValue(source: string): FeelValue {
  const made = compile(source, { types: {} });
  assert(made.ok, `${source}: ${JSON.stringify(made)}`);
  return made.compiled.evaluate({});
}
