import { BudgetSpent, type Machine, newTrace, type Problem } from '../machine.ts';
import type { Place } from '../syntax/tree.ts';
import { typeOf } from '../type-relations.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import type { Code, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

/** Why a constant is null, in words. */
function reasonOf({ code, detail }: Problem): string {
  if (code === 'ARGUMENT_INVALID') return `${detail} has no value for what it is given`;
  if (code === 'NUMBER_OUT_OF_RANGE') return `${detail} leads out of the numbers`;
  return detail;
}

/** What a constant may cost at compile time. */
const FOLD_BUDGET = 1000;

export const constant = (type: FeelType, value: FeelValue): Typed => ({ type, run: () => value, constant: value });

/**
 * A typed node; computed at once when all that it is made of is constant (`date("2021-01-01")`, `[1..12]`, `2 * 3`), so that no
 * evaluation pays for it. A constant that fails is an error here and not a surprise later. What takes long stays code.
 */
export function folded(unit: Unit, place: Place, type: FeelType, run: Code, parts: readonly Typed[]): Typed {
  if (!parts.every((part) => part.constant !== undefined)) return { type, run };
  const trace = newTrace();
  const machine: Machine = { budget: FOLD_BUDGET, depth: 0, trace, now: undefined };
  try {
    const value = run({ slots: [], machine });
    const [problem] = trace.problems;
    if (value !== null || problem === undefined || unit.loose)
      return constant(type.kind === 'any' ? typeOf(value) : type, value);
    return refuse(unit, place, 'FEEL_ALWAYS_NULL', { why: reasonOf(problem) });
  } catch (error) {
    if (error instanceof BudgetSpent) return { type, run };
    throw error;
  }
}
