import type { FeelDateTime } from './time/date-time.ts';
import type { FeelValue } from './values.ts';

/** Why a part of an evaluation became null. Params name types, functions and limits, never values: they may end up in a log. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
}

export type ProblemCode =
  | 'BUDGET_SPENT'
  | 'DEPTH_EXCEEDED'
  | 'TYPE_MISMATCH'
  | 'ARGUMENT_INVALID'
  | 'NO_SUCH_ENTRY'
  | 'NUMBER_OUT_OF_RANGE'
  | 'SEVERAL_ROWS_MATCH'
  | 'OUTPUT_NOT_ALLOWED'
  | 'INTERNAL';

/** A row of a decision table that decided. */
export interface RowHit {
  readonly table: string;
  readonly row: string;
  readonly article?: string;
}

/**
 * What an evaluation tells about itself: pass a fresh one to `evaluate` and read it afterwards.
 */
export interface Trace {
  /** Facts read, by the path they were read at, in the order of the first reading. */
  readonly reads: Map<string, FeelValue>;
  /** Rows of decision tables that matched and counted. */
  readonly rows: RowHit[];
  /** Reasons for nulls that are no facts' nulls. */
  readonly problems: Problem[];
  /** Steps spent of the budget. */
  steps: number;
}

/** An empty trace. */
export const newTrace = (): Trace => ({ reads: new Map(), rows: [], problems: [], steps: 0 });

/** The most problems that one trace keeps: a loop over bad facts must not fill the memory. */
const MOST_PROBLEMS = 50;

/** What one evaluation may spend and where it reports: shared by all the closures that run in it. */
export interface Machine {
  budget: number;
  depth: number;
  readonly trace: Trace | undefined;
  /** The injected moment that `now()` and `today()` give, where a caller allows them. */
  readonly now: FeelDateTime | undefined;
}

/** Steps that an evaluation may take unless its caller says otherwise: far above any rule, some tens of milliseconds. */
export const DEFAULT_BUDGET = 1_000_000;

/** The only exception of this room: ends an evaluation whose budget is spent. It never leaves `evaluate`. */
export class BudgetSpent extends Error {}

/** Takes `steps` from the budget. */
export function spend(machine: Machine, steps: number): void {
  machine.budget -= steps;
  if (machine.budget < 0) throw new BudgetSpent();
}

/** Notes why a value becomes null, and gives that null. */
export function nothing(machine: Machine, code: ProblemCode, detail: string): null {
  const problems = machine.trace?.problems;
  if (problems !== undefined && problems.length < MOST_PROBLEMS) problems.push({ code, detail });
  return null;
}
