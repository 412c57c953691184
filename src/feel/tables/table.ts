import type { CompileOptions } from '../compiled.ts';
import type { FeelType } from '../types.ts';

/**
 * How the rows that match make one value (DMN 1.5, 8.2.10): Unique, Any, Priority, First, Rule order, Output order, Collect and its
 * sums, smallest, largest, count.
 */
export type HitPolicy = 'U' | 'A' | 'P' | 'F' | 'R' | 'O' | 'C' | 'C+' | 'C<' | 'C>' | 'C#';

/** A decision table as it is written. */
export interface DecisionTable {
  /** Shown in the trace. */
  readonly name?: string;
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly TableInput[];
  readonly outputs: readonly TableOutput[];
  readonly rows: readonly TableRow[];
}

export interface TableInput {
  /** The expression that the column's cells test. */
  readonly expression: string;
  /** What it must be; inferred when it is not said. */
  readonly type?: FeelType;
}

export interface TableOutput {
  /** With several outputs, the entry of the resulting context. */
  readonly name: string;
  /** What its cells must be; inferred when it is not said. */
  readonly type?: FeelType;
  /** The values that it can have, as expressions, best first: the order of the policies P and O. */
  readonly values?: readonly string[];
  /** The value when no row matches, as an expression; null unless said. */
  readonly default?: string;
}

export interface TableRow {
  /** Shown in the trace; its number from 1 unless said. */
  readonly id?: string;
  /** The article of law that it states. */
  readonly article?: string;
  /** A unary test for each input: `-`, `"old-age"`, `>= 60`, `[1..5], 9`, `not("a")`, `? > age`. */
  readonly when: readonly string[];
  /** An expression for each output. */
  readonly gives: readonly string[];
}

/** Where in a table: `['inputs', 0, 'expression']`, `['rows', 2, 'when', 0]`. */
export type CellPath = readonly (string | number)[];

/** As for an expression. Every error names the cell by its path. */
export interface TableOptions extends CompileOptions {
  /** Where a cell begins in the file, so that errors have its line and column; without it they count from the cell. */
  readonly place?: (path: CellPath) => { readonly line: number; readonly column: number } | undefined;
}
