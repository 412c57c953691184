import type { Compilation, CompileOptions, FeelError } from '../compiled.ts';
import { errorOf, type Origin } from '../faults.ts';
import { nothing } from '../machine.ts';
import { kindOf } from '../operators/kinds.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { Place } from '../syntax/tree.ts';
import { conforms, fit } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import type { FeelType } from '../types.ts';
import { factNames } from './names.ts';
import { newUnit, report } from './node.ts';
import { runnable } from './runnable.ts';
import type { Code, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

/**
 * Compiles an expression: resolves its names, checks its types, makes it run.
 *
 * @returns the compiled expression, or everything that is wrong with it
 * @example compile('sum(periods.months) >= 12', { types: { periods: listOf(contextOf({ months: NUMBER })) } })
 */
export function compile(source: string, options: CompileOptions): Compilation {
  const unit = newUnit(options, source);
  const { tree, faults } = parseExpression(source, options);
  report(unit, faults);
  if (tree === null || unit.faults.length > 0) return { ok: false, errors: errorsOf(unit, source, options) };
  const typed = expecting(unit.compile(tree, factNames(options.types, unit)), options.expect, tree, unit);
  if (unit.faults.length > 0) return { ok: false, errors: errorsOf(unit, source, options) };
  return { ok: true, compiled: runnable(typed, unit) };
}

/** Refuses a value of another type than the one that is wanted; where only the run can tell, another value becomes null. */
export function expecting(typed: Typed, expected: FeelType | undefined, place: Place, unit: Unit): Typed {
  const fitting = expected === undefined ? 'yes' : fit(typed.type, expected);
  if (expected === undefined || fitting === 'yes') return typed;
  if (fitting === 'maybe') return { type: expected, run: checkedCode(typed.run, expected) };
  return refuse(unit, place, 'FEEL_RESULT', {
    type: typeText(typed.type),
    expected: typeText(expected),
    hint:
      expected.kind === 'boolean' ? 'Compare it with something.' : 'Change the expression, or what is expected of it.',
  });
}

/** Code whose value has a type or is null: what comes of Any is looked at when it comes. */
export function checkedCode(run: Code, expected: FeelType): Code {
  return (frame) => {
    const value = run(frame);
    if (value === null || conforms(value, expected, frame.machine)) return value;
    return nothing(frame.machine, 'TYPE_MISMATCH', `${kindOf(value)} for ${typeText(expected)}`);
  };
}

/** The unit's errors in the order of the source, each said once. */
export function errorsOf(unit: Unit, source: string, origin: Origin): FeelError[] {
  const said = new Set<string>();
  const faults = unit.faults.toSorted((a, b) => a.from - b.from);
  const once = faults.filter((fault) => {
    const key = `${fault.code} ${fault.from}`;
    return !said.has(key) && said.add(key);
  });
  return once.map((fault) => errorOf(fault, source, origin));
}
