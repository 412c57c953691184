import type { HitPolicy } from '../tables/table.ts';

/** A DMN model (DMN 1.3 and later, chapter 6) as it is written, without diagrams. */
export interface DmnModel {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly imports: readonly DmnImport[];
  readonly items: readonly ItemDefinition[];
  readonly inputs: readonly InputData[];
  readonly decisions: readonly Decision[];
  readonly knowledge: readonly Knowledge[];
  readonly services: readonly DecisionService[];
}

/** Another model whose elements are seen under a name. */
export interface DmnImport {
  readonly name: string;
  readonly namespace: string;
}

/** A type with a name (7.3.2). `type` names another, `components` make a context, `function` a function type. */
export interface ItemDefinition {
  readonly name: string;
  readonly collection: boolean;
  readonly type?: string;
  /** Unary tests that its values pass. */
  readonly allowed?: string;
  readonly components: readonly ItemDefinition[];
  readonly function?: { readonly parameters: readonly Parameter[]; readonly result?: string };
}

interface Named {
  readonly id: string;
  readonly name: string;
  /** The name of its type; undefined where none is said. */
  readonly type?: string;
}

export type InputData = Named;

export interface Decision extends Named {
  readonly requires: Requirements;
  readonly question?: string;
  readonly logic: Boxed | undefined;
}

/** Knowledge that decisions call: a business knowledge model. */
export interface Knowledge extends Named {
  readonly requires: Requirements;
  readonly logic: BoxedFunction | undefined;
}

export interface DecisionService extends Named {
  readonly outputs: readonly string[];
  readonly inputDecisions: readonly string[];
  readonly inputData: readonly string[];
}

/** References (`namespace#id` or `#id`) to what an element uses. */
export interface Requirements {
  readonly information: readonly string[];
  readonly knowledge: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly type?: string;
}

/** Where in its file something stands, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A boxed expression (7.3 and 10.2); one that says a type has no value of another. */
export type Boxed = { readonly type?: string } & BoxedForm;

type BoxedForm =
  | { readonly kind: 'literal'; readonly text: string; readonly at: Position }
  | BoxedTable
  | { readonly kind: 'context'; readonly entries: readonly BoxedEntry[] }
  | { readonly kind: 'invocation'; readonly callee: Boxed; readonly bindings: readonly BoxedEntry[] }
  | BoxedFunction
  | { readonly kind: 'relation'; readonly columns: readonly string[]; readonly rows: readonly (readonly Boxed[])[] }
  | { readonly kind: 'list'; readonly items: readonly Boxed[] }
  | { readonly kind: 'conditional'; readonly condition: Boxed; readonly yes: Boxed; readonly no: Boxed }
  | { readonly kind: 'filter'; readonly list: Boxed; readonly match: Boxed }
  | {
      readonly kind: 'iterator';
      readonly of: 'for' | 'some' | 'every';
      readonly variable: string;
      readonly list: Boxed;
      readonly body: Boxed;
    };

/** An entry of a context, or an argument of an invocation. The entry without a name is the context's result. */
export interface BoxedEntry {
  readonly name?: string;
  readonly type?: string;
  readonly value: Boxed | undefined;
}

export interface BoxedFunction {
  readonly kind: 'function';
  /** FEEL, or a language that is not offered. */
  readonly language: string;
  readonly parameters: readonly Parameter[];
  readonly body: Boxed | undefined;
}

export interface BoxedTable {
  readonly kind: 'table';
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly {
    readonly expression: string;
    readonly type?: string;
    /** Unary tests that its values pass. */
    readonly allowed?: string;
  }[];
  readonly outputs: readonly {
    readonly name?: string;
    readonly type?: string;
    /** The values it can have, best first, as one list of expressions. */
    readonly values?: string;
    readonly default?: string;
  }[];
  readonly rules: readonly {
    readonly id?: string;
    readonly note?: string;
    readonly when: readonly string[];
    readonly gives: readonly string[];
  }[];
}
