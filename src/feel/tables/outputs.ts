import { expecting } from '../compile/compile.ts';
import type { Code, Typed } from '../compile/typed.ts';
import type { Machine } from '../machine.ts';
import { same } from '../operators/equality.ts';
import { parseExpression } from '../syntax/parse.ts';
import { joinAll } from '../type-relations.ts';
import { contextOf, type FeelType, oneOf } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { compileCell, type Sheet } from './sheet.ts';
import type { CellPath, TableOutput } from './table.ts';

/** The outputs of a table: what their cells must be, their order of preference, and what stands when no row matches. */
export interface Outputs {
  readonly columns: readonly Column[];
  /** Undefined when no output has a default. */
  readonly fallback: Code | undefined;
}

interface Column {
  readonly name: string;
  readonly expected: FeelType | undefined;
  /** Allowed values, best first; empty when none are listed. */
  readonly values: readonly FeelValue[];
  readonly fallback: Typed | undefined;
}

/** The result of a row. */
export interface RowOutput {
  readonly code: Code;
  readonly type: FeelType;
  /** Place of a result in the order of preference, best first. */
  readonly rank: (output: FeelValue, machine: Machine) => number;
}

export function compileOutputs(outputs: readonly TableOutput[], sheet: Sheet): Outputs {
  const columns = outputs.map((output, index): Column => {
    const values = (output.values ?? []).map(
      (source, at) => compileValue(source, ['outputs', index, 'values', at], output.type, sheet).constant ?? null,
    );
    const expected = output.type ?? enumerationOf(values);
    const fallback =
      output.default === undefined
        ? undefined
        : compileValue(output.default, ['outputs', index, 'default'], expected, sheet);
    return { name: output.name, expected, values, fallback };
  });
  const defaults = columns.map((column) => column.fallback?.run ?? (() => null));
  const given = columns.some((column) => column.fallback !== undefined);
  return { columns, fallback: given ? gather(columns, defaults) : undefined };
}

/** The results of one row as one value: the result itself, or a context of several. */
export function outputCode(cells: readonly string[], path: CellPath, outputs: Outputs, sheet: Sheet): RowOutput {
  const { columns } = outputs;
  const typed = columns.map((column, index) =>
    compileValue(cells[index] ?? 'null', [...path, index], column.expected, sheet),
  );
  const code = gather(
    columns,
    typed.map((cell) => cell.run),
  );
  return { code, type: typeOfColumns(columns, typed), rank: (output, machine) => rankOf(output, columns, machine) };
}

/** The type that the results of all rows, and the default, have in common. */
export function outputType(rows: readonly FeelType[], outputs: Outputs): FeelType {
  const { columns, fallback } = outputs;
  const [only] = columns;
  if (columns.length === 1 && only?.expected !== undefined) return only.expected;
  const defaults = columns.map((column) => column.fallback ?? NO_VALUE);
  return joinAll(fallback === undefined ? rows : [...rows, typeOfColumns(columns, defaults)]);
}

const NO_VALUE: Typed = { type: { kind: 'null' }, run: () => null };

function compileValue(source: string, path: CellPath, expected: FeelType | undefined, sheet: Sheet): Typed {
  return compileCell(sheet, source, path, parseExpression, (tree) =>
    expecting(sheet.unit.compile(tree, sheet.names), expected, tree, sheet.unit),
  );
}

function enumerationOf(values: readonly FeelValue[]): FeelType | undefined {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 && texts.length === values.length ? oneOf(...texts) : undefined;
}

function typeOfColumns(columns: readonly Column[], typed: readonly Typed[]): FeelType {
  const types = columns.map((column, index) => column.expected ?? typed[index]?.type ?? NO_VALUE.type);
  if (columns.length === 1) return types[0] ?? NO_VALUE.type;
  return contextOf(Object.fromEntries(columns.map(({ name }, index) => [name, types[index] ?? NO_VALUE.type])));
}

function gather(columns: readonly Column[], codes: readonly Code[]): Code {
  const [only] = codes;
  if (codes.length === 1 && only !== undefined) return only;
  return (frame) => new Map(columns.map(({ name }, index) => [name, codes[index]?.(frame) ?? null]));
}

/** The first output counts most; a value that is not listed comes last. */
function rankOf(output: FeelValue, columns: readonly Column[], machine: Machine): number {
  return columns.reduce((rank, { name, values }) => {
    if (values.length === 0) return rank;
    const value = output instanceof Map && columns.length > 1 ? (output.get(name) ?? null) : output;
    const at = values.findIndex((allowed) => same(allowed, value, machine));
    return rank * (values.length + 1) + (at === -1 ? values.length : at);
  }, 0);
}
