import assert from 'node:assert/strict';
import { join } from 'node:path';
import { date as feelinDate, evaluate as feelinEvaluate, parseExpression, unaryTest } from 'feelin';
import { type Agreement, loadAgreement } from '../src/agreements/index.ts';
import {
  type Compiled,
  compile,
  compileTable,
  contextOf,
  DATE,
  type FeelValue,
  fromJson,
  NUMBER,
  oneOf,
  STRING,
  toJson,
} from '../src/feel/index.ts';
import type { Json } from '../src/storage/index.ts';
import type { Figure, Report } from './_report.ts';

const RUNS = 7;
/** Long enough for the clock, short enough for the patience of whoever waits for `feelin`. */
const OURS_MS = 150;
const PEER_MS = 400;

/**
 * The rule language beside `feelin`, on the same expressions over the same facts, with the same results asserted first.
 *
 * `feelin` has no compiled form: `evaluate` parses each time. So the decision is also set against what would be left of its time
 * if parsing cost nothing (its `evaluate` less its own `parseExpression` in the same contexts).
 */
export async function run(around = { root: process.cwd() }): Promise<Report> {
  const pension = await pensionDecision(around.root);
  pension.assertSame();
  return {
    name: 'rules',
    goal: [
      'a second of one processor: 5,000,000 simple comparisons, 300,000 tables of 100 rows, 20,000 pension decisions with 40 periods',
      '(at least 100 times as many as feelin), 1,000 expressions compiled',
    ].join(' '),
    figures: [
      compared('pension decision, 40 periods', 'feelin, evaluate', pension.ours, pension.theirs),
      withoutParsing('pension decision, 40 periods', pension),
      compared(
        'simple comparison',
        'feelin, evaluate',
        simpleComparison(),
        () => void feelinEvaluate('age >= 60', { age: 61 }),
      ),
      compared('table of 100 rows', 'feelin, unaryTest row by row', ...table()),
      compared('compile and evaluate once', 'feelin, evaluate', ...compileOnce()),
      compared('compile one of 1,000 expressions', 'feelin, parseExpression', ...compileMany(), 'expressions/s'),
    ],
  };
}

/** Both sides in turn, so that a busy machine is busy for both; the median of each. */
function compared(
  what: string,
  peerName: string,
  ours: () => void,
  theirs: () => void,
  unit = 'evaluations/s',
): Figure {
  const [a, b]: [number[], number[]] = [[], []];
  rate(ours, OURS_MS);
  for (let index = 0; index < RUNS; index++) {
    a.push(rate(ours, OURS_MS));
    b.push(rate(theirs, PEER_MS));
  }
  return { ...figure(what, peerName, median(a), median(b)), unit };
}

function withoutParsing(what: string, pension: Decision): Figure {
  const [ours, rest]: [number[], number[]] = [[], []];
  for (let index = 0; index < RUNS; index++) {
    ours.push(rate(pension.ours, OURS_MS));
    const [whole, parsing] = [1 / rate(pension.theirs, PEER_MS), 1 / rate(pension.theirParsing, PEER_MS)];
    rest.push(1 / Math.max(whole - parsing, Number.EPSILON));
  }
  return figure(what, 'feelin, its parsing taken off', median(ours), median(rest));
}

const figure = (what: string, peerName: string, ours: number, peer: number): Figure => ({
  what,
  ours: Math.round(ours),
  peer: Math.round(peer * 10) / 10,
  peerName,
  ratio: Number((ours / peer).toPrecision(3)),
  unit: 'evaluations/s',
  runs: RUNS,
});

/**
 * Calls a second of processor time: neighbours on a shared machine take time, but not from this measure. A first part is not counted: in
 * it the memory that the other side left behind is collected.
 */
function rate(work: () => void, milliseconds: number): number {
  for (const begun = processorTime(); processorTime() - begun < milliseconds / 3; ) work();
  const start = processorTime();
  let calls = 0;
  let batch = 1;
  for (let spent = 0; spent < milliseconds; spent = processorTime() - start) {
    for (let index = 0; index < batch; index++) work();
    calls += batch;
    if (spent < milliseconds / 20) batch *= 2;
  }
  return (calls / (processorTime() - start)) * 1000;
}

/** Milliseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

interface Decision {
  ours: () => void;
  theirs: () => void;
  theirParsing: () => void;
  assertSame: () => void;
}

interface Step {
  name: string;
  text: string;
  compiled: Compiled;
}

/** Every expression of the shipped pension agreement, in the order of the decision, for Kyrgyzstan, whose annex adds all periods up. */
async function pensionDecision(root: string): Promise<Decision> {
  const { agreement, findings } = await loadAgreement(join(root, 'agreements', 'pension'));
  assert(agreement !== undefined, `the pension agreement has faults: ${JSON.stringify(findings[0])}`);
  const steps = stepsOf(agreement, 'kg');
  const facts = pensionFacts(agreement);
  const theirFacts = facts.theirs;
  const ours = (): Record<string, FeelValue> => {
    const scope = { ...facts.ours };
    for (const { name, compiled } of steps) scope[name] = compiled.evaluate(scope);
    return scope;
  };
  const theirs = (): Record<string, unknown> => {
    const scope = { ...theirFacts };
    for (const { name, text } of steps) scope[name] = feelinEvaluate(text, scope).value;
    return scope;
  };
  const settled = theirs();
  return {
    ours,
    theirs,
    theirParsing: () => {
      for (const { text } of steps) parseExpression(text, settled, undefined);
    },
    assertSame: () => {
      const [mine, yours] = [ours(), theirs()];
      for (const { name } of steps) {
        assert.deepEqual(toJson(mine[name] ?? null), plain(yours[name]), `${name} differs from feelin`);
      }
      assert.equal(mine.outcome, 'partly');
    },
  };
}

function stepsOf(agreement: Agreement, state: string): Step[] {
  const service = agreement.services.pension;
  const annex = agreement.annexes[state];
  assert(service !== undefined && annex !== undefined);
  const types = typesOf(agreement);
  return service.decision.order.map((name) => {
    const rule = agreement.rules[name];
    const version = (rule?.national ? annex.rules[name]?.versions : rule?.versions)?.at(-1);
    assert(rule !== undefined && version !== undefined);
    if (!version.table) return { name, text: version.text, compiled: version.expression };
    const text = asConditions(JSON.parse(version.text) as WrittenTable);
    const made = compile(text, { types });
    assert(made.ok);
    return { name, text, compiled: made.compiled };
  });
}

interface WrittenTable {
  inputs: string[];
  rows: Record<string, { when: string[]; gives: string }>;
}

/** `feelin` has no tables: both evaluate the two of this agreement as conditions. */
function asConditions({ inputs, rows }: WrittenTable): string {
  const conditions = Object.values(rows).map(({ when, gives }) => {
    const tests = when.flatMap((cell, index) => (cell === '-' ? [] : [`(${inputs[index]}) = ${cell}`]));
    return `if ${tests.join(' and ') || 'true'} then ${gives} else `;
  });
  return `${conditions.join('')}null`;
}

const typesOf = (agreement: Agreement) =>
  Object.fromEntries(Object.values(agreement.rules).map((rule) => [rule.name, rule.feelType]));

/** Forty periods in three states: most overlap another, two are open, some are unpaid or before 2021. */
function pensionFacts(agreement: Agreement): { ours: Record<string, FeelValue>; theirs: Record<string, unknown> } {
  const states = ['kg', 'kz', 'ru'];
  const evidence = states.map((state, index) => ({ state, periods: periodsOf(state, index === 0 ? 14 : 13) }));
  const identity = { citizenship: 'kz', sex: 'female', birthDate: '1962-05-10' };
  const [periodsType, identityType] = ['insured-periods', 'identity'].map((type) => agreement.evidence[type]?.feelType);
  assert(periodsType !== undefined && identityType !== undefined);
  const claimDate = '2026-11-02';
  const functions = Object.values(agreement.functions);
  const theirs: Record<string, unknown> = {
    insuredPeriods: evidence.map(({ state, periods }) => ({ state, periods: periods.map(withDates) })),
    identity: withDates(identity),
    claimDate: feelinDate(claimDate),
    decider: 'kg',
  };
  // `feelin` knows the largest of numbers only; these two are JavaScript, so they cost it less than its own would.
  Object.assign(theirs, { max: extreme(1), min: extreme(-1) });
  for (const { name, text } of functions) theirs[name] = feelinEvaluate(text, theirs).value;
  return {
    ours: {
      ...Object.fromEntries(functions.map(({ name, value }) => [name, value])),
      insuredPeriods: fromJson(evidence, periodsType),
      identity: fromJson(identity, identityType),
      claimDate: fromJson(claimDate, { kind: 'date' }),
      decider: 'kg',
    },
    theirs,
  };
}

/** `max` and `min` for `feelin`, of numbers and dates. */
const extreme =
  (sign: number) =>
  (a: unknown, b: unknown): unknown =>
    (Array.isArray(a) ? a : [a, b]).reduce((best, item) => (order(item, best) * sign > 0 ? item : best));

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

type Period = { [name: string]: Json };

function periodsOf(state: string, count: number): Period[] {
  return Array.from({ length: count }, (_, index) => ({
    state,
    employer: `Employer ${index}`,
    from: isoDate(2016 + Math.floor(index * 0.75), 1 + ((index * 5) % 12), 1 + ((index * 7) % 28)),
    to:
      index === count - 1
        ? null
        : isoDate(2017 + Math.floor(index * 0.75), 1 + ((index * 5) % 12), 1 + ((index * 3) % 28)),
    kind: 'employment',
    contributionsPaid: index % 9 !== 8,
  }));
}

const isoDate = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

const withDates = (facts: Readonly<Record<string, Json>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? feelinDate(value) : value,
    ]),
  );

/** What `feelin` gives, as JSON. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function simpleComparison(): () => void {
  const made = compile('age >= 60', { types: { age: NUMBER } });
  assert(made.ok);
  const scope = { age: 61 };
  return () => void made.compiled.evaluate(scope);
}

/** A hundred bands of income; the facts fall into the ninetieth. */
function table(): [ours: () => void, theirs: () => void] {
  const bands = Array.from({ length: 100 }, (_, index) => `[${index * 10}..${index * 10 + 10})`);
  const rows = bands.map((band, index) => ({ when: [band], gives: [String(index)] }));
  const written = { hitPolicy: 'U', inputs: [{ expression: 'income' }], outputs: [{ name: 'band' }], rows } as const;
  const made = compileTable(written, { types: { income: NUMBER } });
  assert(made.ok);
  const scope = { income: 895 };
  const theirs = (): number => bands.findIndex((band) => unaryTest(band, { '?': 895 }).value === true);
  assert.equal(made.compiled.evaluate(scope), 89);
  assert.equal(theirs(), 89);
  return [() => void made.compiled.evaluate(scope), () => void theirs()];
}

/** What `feelin` does each time, done by both: read the text, then evaluate it. */
function compileOnce(): [ours: () => void, theirs: () => void] {
  const text = 'for month in months[item > limit] return month * 2 + 1';
  const types = { months: { kind: 'list', item: NUMBER }, limit: NUMBER } as const;
  const scope = { months: [1, 5, 9, 12], limit: 4 };
  const ours = (): Json => {
    const made = compile(text, { types });
    return made.ok ? toJson(made.compiled.evaluate(scope)) : null;
  };
  assert.deepEqual(ours(), plain(feelinEvaluate(text, scope).value));
  return [() => void ours(), () => void feelinEvaluate(text, scope)];
}

/** A thousand rules as an agreement has them, no two alike; the peer checks no types. */
function compileMany(): [ours: () => void, theirs: () => void] {
  const types = {
    periods: { kind: 'list', item: contextOf({ state: STRING, from: DATE, to: DATE, months: NUMBER }) },
    birthDate: DATE,
    claimDate: DATE,
    sex: oneOf('female', 'male'),
  } as const;
  const shapes = [
    (n: number) => `if sex = "male" then birthDate + duration("P${n}M") else birthDate + @"P58Y"`,
    (n: number) => `sum(periods[state = "kg" and months > ${n}].months) >= 12`,
    (n: number) => `for p in periods return { from: p.from, months: p.months * ${n} + 1 }`,
    (n: number) => `some p in periods satisfies p.from <= claimDate - @"P${n}D" and p.to != null`,
  ];
  const texts = Array.from({ length: 1000 }, (_, n) => shapes[n % shapes.length]?.(n) ?? '');
  const context = { periods: [], birthDate: null, claimDate: null, sex: 'male' };
  let [mine, yours] = [0, 0];
  const ours = (): void => assert(compile(texts[mine++ % texts.length] ?? '', { types }).ok);
  return [ours, () => void parseExpression(texts[yours++ % texts.length] ?? '', context, undefined)];
}
