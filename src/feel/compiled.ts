import type { FeelErrorCode } from './errors.ts';
import type { Trace } from './machine.ts';
import type { FeelDateTime } from './time/date-time.ts';
import type { FeelParameter, FeelType } from './types.ts';
import type { FeelValue } from './values.ts';

/** One thing wrong with an expression, for the person who wrote it. */
export interface FeelError {
  readonly code: FeelErrorCode;
  /** What is wrong, in plain English, with the types concerned. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly file?: string;
  /** From 1, counted from where the caller says that the expression begins. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in a decision table: `['rows', 2, 'when', 0]`. */
  readonly path?: readonly (string | number)[];
}

/** The values of the names that an expression uses. A name that is missing is null. */
export type Scope = Readonly<Record<string, FeelValue>>;

export interface EvaluateOptions {
  /** The most steps to take; the value is null and the trace says BUDGET_SPENT when they are used up. */
  readonly budget?: number;
  /** A fresh trace to fill; evaluation is faster without. */
  readonly trace?: Trace;
  /** The moment that `now()` and `today()` give; only expressions compiled with `clock: true` ask for it. */
  readonly now?: FeelDateTime;
}

/** An expression or table that has passed every check. */
export interface Compiled {
  /** The type of its values. */
  readonly type: FeelType;
  /** The facts that it can read: names and paths (`person.birthDate`, `periods`, `periods.from`), sorted. */
  readonly dependencies: readonly string[];
  /** The value for a scope. Never throws, always ends. */
  evaluate(scope: Scope, options?: EvaluateOptions): FeelValue;
}

/** What compiling gives: a compiled expression, or all that is wrong with it. */
export type Compilation =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly errors: readonly FeelError[] };

export interface CompileOptions {
  /** The names that the expression may use. */
  readonly types: Readonly<Record<string, FeelType>>;
  /** What its value must be; a value of another type is an error. */
  readonly expect?: FeelType;
  /** Named in errors. */
  readonly file?: string;
  /** Where the expression begins in its file; line 1, column 1 unless said. */
  readonly at?: { readonly line: number; readonly column: number };
  /** Functions of the agreement, from `compileFunctions`. */
  readonly functions?: FunctionLibrary;
  /** `loose`: a type error is null at run time and no error, as the specification's untyped semantics have it. */
  readonly mode?: 'strict' | 'loose';
  /** Types that expressions may name, beside FEEL's own: in `instance of` and for parameters. */
  readonly namedTypes?: Readonly<Record<string, FeelType>>;
  /** Whether `now()` and `today()` may be used: a rule takes its dates as facts, so by default they may not. */
  readonly clock?: boolean;
}

/** Functions that an agreement defines, compiled and free of recursion. */
export type FunctionLibrary = ReadonlyMap<string, FeelValue>;

/** A function of an agreement as written. */
export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: readonly FeelParameter[];
  readonly result?: FeelType;
  readonly body: string;
  readonly at?: { readonly line: number; readonly column: number };
}
