import type { Compiled, EvaluateOptions, Scope } from '../compiled.ts';
import { BudgetSpent, DEFAULT_BUDGET, type Machine, nothing } from '../machine.ts';
import { fromDouble } from '../number/decimal.ts';
import type { FeelValue } from '../values.ts';
import { freshSlots } from './repeat.ts';
import type { Typed } from './typed.ts';
import type { Unit } from './unit.ts';

/** Wraps what a unit was compiled to: takes the facts from a scope, keeps every failure inside. */
export function runnable(typed: Typed, unit: Unit): Compiled {
  const { run } = typed;
  const names = [...unit.facts.keys()];
  const places = [...unit.facts.values()];
  const empty = freshSlots(unit);
  const dependencies = Object.freeze([...new Set(unit.reads.filter((path) => path !== undefined))].sort());
  const evaluate = (scope: Scope, options?: EvaluateOptions): FeelValue => {
    const budget = options?.budget ?? DEFAULT_BUDGET;
    const machine: Machine = { budget, depth: 0, trace: options?.trace, now: options?.now };
    const slots = empty.slice();
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      if (Object.hasOwn(scope, name)) slots[places[index] as number] = admitted(scope[name]);
    }
    try {
      const value = run({ slots, machine });
      if (machine.trace !== undefined) machine.trace.steps += budget - machine.budget;
      return value;
    } catch (error) {
      if (machine.trace !== undefined) machine.trace.steps += budget - Math.max(0, machine.budget);
      return failed(error, machine);
    }
  };
  return Object.freeze({ type: typed.type, dependencies, evaluate });
}

/** Runs what is no single expression on a machine of its own, and keeps every failure inside, as `evaluate` does. */
export function guarded(options: EvaluateOptions, run: (machine: Machine) => FeelValue): FeelValue {
  const { budget = DEFAULT_BUDGET, trace, now } = options;
  const machine: Machine = { budget, depth: 0, trace, now };
  try {
    return run(machine);
  } catch (error) {
    return failed(error, machine);
  } finally {
    if (trace !== undefined) trace.steps += budget - Math.max(0, machine.budget);
  }
}

/** The code of a unit as a function of its facts, for a machine that others share. */
export function onFacts(
  { run }: Typed,
  unit: Unit,
): (scope: ReadonlyMap<string, FeelValue>, machine: Machine) => FeelValue {
  const facts = [...unit.facts];
  const empty = freshSlots(unit);
  return (scope, machine) => {
    const slots = empty.slice();
    for (const [name, slot] of facts) slots[slot] = admitted(scope.get(name));
    return run({ slots, machine });
  };
}

/** A fact as the language has it: nothing is null, and a fraction of JavaScript is a decimal. */
function admitted(value: FeelValue | undefined): FeelValue {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return fromDouble(value);
  return value ?? null;
}

/** The last line of "never throws": nested values may exhaust the stack, and a caller may hand in what is no value at all. */
function failed(error: unknown, machine: Machine): null {
  if (error instanceof BudgetSpent) return nothing(machine, 'BUDGET_SPENT', 'steps');
  if (error instanceof RangeError) return nothing(machine, 'DEPTH_EXCEEDED', 'values');
  return nothing(machine, 'INTERNAL', error instanceof Error ? error.name : 'unknown');
}
