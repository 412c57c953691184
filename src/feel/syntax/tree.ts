import type { Names } from '../compile/names.ts';
import type { Typed } from '../compile/typed.ts';
import type { Unit } from '../compile/unit.ts';
import type { FeelType } from '../types.ts';
import type { FeelNumber } from '../values.ts';

/** Where a node stands in its source: offsets of its first character and of the one after its last. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** The syntax tree of FEEL: frozen, small, and free of everything that the grammar needs only for reading. */
export type Node = Place &
  (
    | { readonly kind: 'number'; readonly value: FeelNumber }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
    /** `@"..."`: a date, time or duration. */
    | { readonly kind: 'at'; readonly text: string }
    /** A name with single spaces between its parts: `date of birth`, `a - b`. */
    | { readonly kind: 'name'; readonly name: string }
    /** `?`: what a unary test is about. */
    | { readonly kind: 'input' }
    | { readonly kind: 'path'; readonly base: Node; readonly name: string }
    | { readonly kind: 'filter'; readonly base: Node; readonly predicate: Node }
    | { readonly kind: 'call'; readonly callee: Node; readonly args: readonly Argument[] }
    | { readonly kind: 'minus'; readonly operand: Node }
    | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: Node; readonly right: Node }
    | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly left: Node; readonly right: Node }
    | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Node; readonly right: Node }
    | { readonly kind: 'between'; readonly value: Node; readonly low: Node; readonly high: Node }
    | { readonly kind: 'in'; readonly value: Node; readonly tests: readonly Node[] }
    /** `> 5`: a test of `?`, or a range where a value is wanted. */
    | { readonly kind: 'test'; readonly operator: CompareOperator; readonly operand: Node }
    | {
        readonly kind: 'range';
        readonly start: Node;
        readonly startIncluded: boolean;
        readonly end: Node;
        readonly endIncluded: boolean;
      }
    | { readonly kind: 'if'; readonly condition: Node; readonly yes: Node; readonly no: Node }
    | { readonly kind: 'for'; readonly loops: readonly Loop[]; readonly body: Node }
    | {
        readonly kind: 'quantified';
        readonly quantifier: 'some' | 'every';
        readonly loops: readonly Loop[];
        readonly body: Node;
      }
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | { readonly kind: 'context'; readonly entries: readonly Entry[] }
    | { readonly kind: 'function'; readonly parameters: readonly Parameter[]; readonly body: Node }
    | { readonly kind: 'instance'; readonly value: Node; readonly type: FeelType }
    /** A part that is not written as an expression (a boxed form, a table): compiles itself among the names that it can see. */
    | { readonly kind: 'embedded'; readonly compile: (names: Names, unit: Unit) => Typed }
  );

export type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**';
export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** An argument of a call; named in all or none of the arguments. */
export interface Argument extends Place {
  readonly name: string | undefined;
  readonly value: Node;
}

/** `name in source`, or `name in source..end`. */
export interface Loop extends Place {
  readonly name: string;
  readonly source: Node;
  readonly end: Node | undefined;
}

export interface Entry extends Place {
  readonly name: string;
  readonly value: Node;
}

export interface Parameter extends Place {
  readonly name: string;
  readonly type: FeelType;
}

/** The tests of a cell: `-`, `a, b`, `not(a, b)`. */
export interface UnaryTests {
  /** Undefined for `-`, which is true of everything. */
  readonly tests: readonly Node[] | undefined;
  readonly negated: boolean;
}
