import { type Compiled, DEFAULT_BUDGET, type FeelValue, newTrace, type Scope, type Trace } from '../feel/index.ts';

/**
 * Steps that a check may still take over all that it evaluates. Every evaluation ends by itself; a check makes very many, and a hostile
 * agreement makes each as long as it may be.
 */
export interface Budget {
  left: number;
}

export const newBudget = (steps: number): Budget => ({ left: steps });

/** Takes steps for work that no evaluation counts. */
export function spendSteps(budget: Budget | undefined, steps: number): void {
  if (budget !== undefined) budget.left -= steps;
}

/** Evaluates at the cost of a budget; null once it is spent. Without a budget the evaluation has its own. */
export function evaluateWithin(budget: Budget | undefined, compiled: Compiled, scope: Scope, trace?: Trace): FeelValue {
  if (budget === undefined) return compiled.evaluate(scope, trace === undefined ? {} : { trace });
  const counted = trace ?? newTrace();
  const value = compiled.evaluate(scope, {
    trace: counted,
    budget: Math.max(0, Math.min(budget.left, DEFAULT_BUDGET)),
  });
  budget.left -= 1 + counted.steps;
  return budget.left < 0 ? null : value;
}
