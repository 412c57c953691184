import { isList } from '../operators/kinds.ts';
import { either, passes, rangeHas } from '../operators/membership.ts';
import { FeelRange } from '../range.ts';
import type { Node, NodeOf, UnaryTests } from '../syntax/tree.ts';
import { FeelDate } from '../time/date.ts';
import { comparable, fit, ordered } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { BOOLEAN, type FeelType, rangeOf } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { compareTyped } from './comparison.ts';
import { constant, folded } from './fold.ts';
import { widened } from './literals.ts';
import { type Names, readSlot } from './names.ts';
import { touch } from './repeat.ts';
import type { Code, Typed } from './typed.ts';
import { newSlot, refuse, type Unit } from './unit.ts';

/** `value in (tests)`: true when one of the tests is. */
export function compileIn(node: NodeOf<'in'>, names: Names, unit: Unit): Typed {
  const value = unit.compile(node.value, names);
  const slot = newSlot(unit);
  const tested = testsOf(node.tests, { type: value.type, run: readSlot(slot) }, names, unit);
  return { type: BOOLEAN, run: storing(slot, value.run, tested.run) };
}

/** The unary tests of a cell, about the value that a slot holds. */
export function compileUnary(tests: UnaryTests, input: Typed, names: Names, unit: Unit): Typed {
  if (tests.tests === undefined) return constant(BOOLEAN, true);
  const positive = testsOf(tests.tests, input, names, unit);
  if (!tests.negated) return positive;
  const { run } = positive;
  const opposite: Code = (frame) => {
    const passed = run(frame);
    return typeof passed === 'boolean' ? !passed : null;
  };
  return { type: BOOLEAN, run: opposite };
}

const storing =
  (slot: number, value: Code, then: Code): Code =>
  (frame) => {
    frame.slots[slot] = value(frame);
    return then(frame);
  };

function testsOf(nodes: readonly Node[], input: Typed, names: Names, unit: Unit): Typed {
  const tests = nodes.map((node) => compileTest(node, input, names, unit));
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  const constants = oneOfConstants(nodes, input, names, unit);
  if (constants !== undefined) return { type: BOOLEAN, run: constants };
  const codes = tests.map((test) => test.run);
  const run: Code = (frame) => either(codes, (code) => code(frame) as boolean | null);
  return { type: BOOLEAN, run };
}

/** One test as a condition on the input. */
function compileTest(node: Node, input: Typed, names: Names, unit: Unit): Typed {
  if (node.kind === 'test') return compareTyped(node.operator, input, unit.compile(node.operand, names), node, unit);
  let mentioned = false;
  const inside: Names = {
    find(name) {
      if (name !== '?') return names.find(name);
      mentioned = true;
      touch(unit, unit.scopes.length, -unit.effort);
      return input;
    },
    types: names.types,
  };
  const test = unit.compile(node, inside);
  const { type } = test;
  if (type.kind === 'boolean' && (mentioned || fit(input.type, BOOLEAN) === 'no')) return test;
  if (type.kind === 'range' && input.type.kind !== 'range') return inRange(node, test, type.of, input, unit);
  if (type.kind === 'list' && input.type.kind !== 'list') return inList(node, test, type.item, input, unit);
  if (type.kind !== 'any' && type.kind !== 'list') return compareTyped('=', input, test, node, unit);
  const [a, b] = [input.run, test.run];
  return {
    type: BOOLEAN,
    run: (frame) => {
      const value = b(frame);
      return mentioned && typeof value === 'boolean' ? value : passes(a(frame), value, frame.machine);
    },
  };
}

function inRange(node: Node, test: Typed, of: FeelType, input: Typed, unit: Unit): Typed {
  if (!comparable(of, input.type)) return mismatch(node, input.type, test.type, unit);
  const [a, b] = [input.run, test.run];
  const { constant: range } = test;
  if (range instanceof FeelRange) return folded(unit, node, BOOLEAN, constantRangeCode(range, a), [input, test]);
  const run: Code = (frame) => {
    const found = b(frame);
    return found === null ? null : passes(a(frame), found, frame.machine);
  };
  return { type: BOOLEAN, run };
}

/** Whether a constant range has the value: whole numbers and days by plain comparison. */
function constantRangeCode(range: FeelRange, value: Code): Code {
  const { start, end } = range;
  if (typeof start === 'number' && typeof end === 'number') {
    const [least, most] = wholeEnds(range, start, end);
    return (frame) => {
      const x = value(frame);
      return typeof x === 'number' ? x >= least && x <= most : rangeHas(range, x);
    };
  }
  if (start instanceof FeelDate && end instanceof FeelDate) {
    const [least, most] = wholeEnds(range, start.days, end.days);
    return (frame) => {
      const x = value(frame);
      return x instanceof FeelDate ? x.days >= least && x.days <= most : rangeHas(range, x);
    };
  }
  return (frame) => rangeHas(range, value(frame));
}

/** The least and the greatest whole number inside; plain numbers of the language are whole. */
const wholeEnds = (range: FeelRange, start: number, end: number): [number, number] => [
  range.startIncluded ? start : start + 1,
  range.endIncluded ? end : end - 1,
];

function inList(node: Node, test: Typed, item: FeelType, input: Typed, unit: Unit): Typed {
  const of = item.kind === 'range' ? item.of : item;
  if (!comparable(of, input.type)) return mismatch(node, input.type, test.type, unit);
  const [a, b] = [input.run, test.run];
  const { constant: list } = test;
  const known = list !== undefined && isList(list) ? constantSet(list) : undefined;
  if (known === undefined) return { type: BOOLEAN, run: (frame) => passes(a(frame), b(frame), frame.machine) };
  return { type: BOOLEAN, run: (frame) => known.has(a(frame)) };
}

function mismatch(node: Node, input: FeelType, test: FeelType, unit: Unit): Typed {
  const hint = 'Test with values of the same type.';
  return refuse(unit, node, 'FEEL_COMPARISON', { left: typeText(input), right: typeText(test), hint });
}

/** `x in ("a", "b", "c")`: one look-up instead of three comparisons. */
function oneOfConstants(nodes: readonly Node[], input: Typed, names: Names, unit: Unit): Code | undefined {
  if (!nodes.every((node) => node.kind === 'string' || node.kind === 'number')) return undefined;
  const known = constantSet(nodes.map((node) => unit.compile(node, names).constant ?? null));
  if (known === undefined) return undefined;
  const { run } = input;
  return (frame) => known.has(run(frame));
}

/** Texts, or whole numbers, as a set; undefined for what a set cannot compare. */
function constantSet(items: readonly FeelValue[]): ReadonlySet<FeelValue> | undefined {
  const kind = typeof items[0];
  if (kind !== 'string' && kind !== 'number') return undefined;
  return items.every((item) => typeof item === kind) ? new Set(items) : undefined;
}

/** A test where a value is wanted is a range: `> 5` is everything above five. */
export function compileTestAsRange(node: NodeOf<'test'>, names: Names, unit: Unit): Typed {
  const end = unit.compile(node.operand, names);
  const { operator } = node;
  if (ordered(end.type) === 'no' || operator === '!=') {
    const hint = 'A range begins or ends at a number, text, date, time or duration.';
    return refuse(unit, node, 'FEEL_OPERANDS', { left: '', operator, right: typeText(end.type), hint });
  }
  const included = operator.endsWith('=');
  const run: Code = (frame) => {
    const value = end.run(frame);
    if (value === null) return null;
    if (operator === '=') return new FeelRange(value, true, value, true);
    return operator.startsWith('<')
      ? new FeelRange(null, false, value, included)
      : new FeelRange(value, included, null, false);
  };
  return folded(unit, node, rangeOf(widened(end.type)), run, [end]);
}
