import type { Names } from '../compile/names.ts';
import type { Typed } from '../compile/typed.ts';
import type { Unit } from '../compile/unit.ts';
import { parseUnaryTests } from '../syntax/parse.ts';
import type { Node } from '../syntax/tree.ts';
import { tableCode } from '../tables/compile-table.ts';
import type { Sheet } from '../tables/sheet.ts';
import type { DecisionTable } from '../tables/table.ts';
import { type DeclaredTypes, findType } from './declared-types.ts';
import { NOWHERE, namedTypes } from './embedded.ts';
import type { BoxedTable } from './model.ts';

/** A decision table as a node among others. */
export const tableNode = (table: BoxedTable, types: DeclaredTypes): Node => ({
  ...NOWHERE,
  kind: 'embedded',
  compile: (names, unit) => compileBoxedTable(table, types, names, unit),
});

function compileBoxedTable(table: BoxedTable, types: DeclaredTypes, names: Names, unit: Unit): Typed {
  const outer = unit.source;
  const options = { types: names.types(), namedTypes: namedTypes(types), mode: 'loose' } as const;
  const sheet: Sheet = { unit, names, options, errors: [] };
  const typed = tableCode(decisionTable(table, types), sheet);
  unit.source = outer;
  return typed;
}

/** A remark of this form names an article; any other is a remark. */
const ARTICLE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;

/** The table as the language has it. */
export function decisionTable(table: BoxedTable, types: DeclaredTypes): DecisionTable {
  return {
    hitPolicy: table.hitPolicy,
    inputs: table.inputs.map(({ expression }) => ({ expression })),
    outputs: table.outputs.map(({ name = '', type, values, default: fallback }) => ({
      name,
      ...(type === undefined ? {} : { type: findType(type, types).type }),
      ...(values === undefined ? {} : { values: splitTests(values) }),
      ...(fallback === undefined ? {} : { default: fallback }),
    })),
    rows: table.rules.map(({ id, note, when, gives }) => ({
      ...(id === undefined ? {} : { id }),
      ...(note !== undefined && ARTICLE.test(note) ? { article: note } : {}),
      when,
      gives,
    })),
  };
}

/**
 * The single tests of a list of them, as written.
 *
 * @example splitTests('"low", "a, b"') // ['"low"', '"a, b"']
 */
export function splitTests(source: string): string[] {
  const { tree } = parseUnaryTests(source, { types: {} });
  return (tree?.tests ?? []).map(({ from, to }) => source.slice(from, to));
}
