import { checkedCode, expecting } from '../compile/compile.ts';
import { readSlot } from '../compile/names.ts';
import { runnable } from '../compile/runnable.ts';
import { compileUnary } from '../compile/tests.ts';
import type { Code, Typed } from '../compile/typed.ts';
import { newSlot } from '../compile/unit.ts';
import type { Compilation } from '../compiled.ts';
import { parseExpression, parseUnaryTests } from '../syntax/parse.ts';
import { fit } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { type FeelType, listOf, NUMBER } from '../types.ts';
import { domainOf } from './cell-domain.ts';
import { checkTable } from './check-table.ts';
import { type Domain, UNKNOWN } from './domain.ts';
import { compileOutputs, type Outputs, outputCode, outputType } from './outputs.ts';
import { type CompiledRow, runTable } from './run-table.ts';
import { compileCell, newSheet, reportTable, type Sheet } from './sheet.ts';
import type { DecisionTable, TableInput, TableOptions, TableRow } from './table.ts';

/**
 * Compiles a decision table: every cell, and the table as a whole: rows of a unique table that overlap, rows that can never decide,
 * values of an enumeration that no row answers. The trace of an evaluation tells the rows that decided, with their articles.
 *
 * @returns the compiled table, or everything that is wrong with it
 * @example compileTable({ hitPolicy: 'U', inputs: [{ expression: 'age' }], outputs: [{ name: 'rate' }],
 *   rows: [{ when: ['< 18'], gives: ['0'] }, { when: ['>= 18'], gives: ['10'] }] }, { types: { age: NUMBER } })
 */
export function compileTable(table: DecisionTable, options: TableOptions): Compilation {
  const sheet = newSheet(options);
  const typed = tableCode(table, sheet);
  if (sheet.errors.length > 0) return { ok: false, errors: sheet.errors };
  return { ok: true, compiled: runnable(typed, sheet.unit) };
}

/** The code of a table; its errors are gathered in the sheet. */
export function tableCode(table: DecisionTable, sheet: Sheet): Typed {
  checkShape(table, sheet);
  const inputs = table.inputs.map((input, index) => compileInput(input, index, sheet));
  const outputs = compileOutputs(table.outputs, sheet);
  const rows = table.rows.map((row, index) => compileRow(row, index, inputs, outputs, sheet));
  const type = resultType(table, rows, outputs);
  const wanted = expectResult(type, sheet);
  const exclusive = sheet.errors.length === 0 && checkWhole(table, inputs, rows, outputs, sheet);
  const run = runTable({
    name: table.name ?? '',
    hitPolicy: table.hitPolicy,
    exclusive,
    inputs: inputs.map(({ slot, run: input }) => ({ slot, run: input })),
    rows,
    fallback: outputs.fallback,
  });
  return wanted === undefined ? { type, run } : { type: wanted, run: checkedCode(run, wanted) };
}

interface Input {
  readonly text: string;
  readonly type: FeelType;
  readonly slot: number;
  readonly run: Code;
}

interface Row extends CompiledRow {
  readonly domains: readonly Domain[];
  readonly type: FeelType;
}

const LIST_POLICIES: readonly string[] = ['R', 'O', 'C'];
const NUMBER_POLICIES: readonly string[] = ['C+', 'C#'];

/** What makes the table no table: the number of its cells, and policies that want one output. */
function checkShape(table: DecisionTable, sheet: Sheet): void {
  const refuse = (what: string, hint: string, path: readonly (string | number)[]): void =>
    reportTable(sheet, 'FEEL_TABLE', { what, hint }, path);
  if (table.outputs.length === 0) refuse('The table has no output.', 'Name what it decides.', ['outputs']);
  if (table.rows.length === 0) refuse('The table has no rows.', 'Add one.', ['rows']);
  if (/^C[+<>#]$/.test(table.hitPolicy) && table.outputs.length > 1) {
    refuse(`Hit policy ${table.hitPolicy} wants one output.`, 'Make a table of each output.', ['hitPolicy']);
  }
  if (['P', 'O'].includes(table.hitPolicy) && !table.outputs.some((output) => (output.values ?? []).length > 0)) {
    refuse(`Hit policy ${table.hitPolicy} needs an order.`, 'List the values of an output, best first.', ['outputs']);
  }
  for (const [index, row] of table.rows.entries()) {
    if (row.when.length !== table.inputs.length) {
      const what = `The row has ${row.when.length} tests for ${table.inputs.length} inputs.`;
      refuse(what, 'Write one for each input; - passes everything.', ['rows', index, 'when']);
    }
    if (row.gives.length !== table.outputs.length) {
      const what = `The row has ${row.gives.length} results for ${table.outputs.length} outputs.`;
      refuse(what, 'Write one for each output.', ['rows', index, 'gives']);
    }
  }
}

function compileInput(input: TableInput, index: number, sheet: Sheet): Input {
  const { unit, names } = sheet;
  const typed = compileCell(sheet, input.expression, ['inputs', index, 'expression'], parseExpression, (tree) =>
    expecting(unit.compile(tree, names), input.type, tree, unit),
  );
  return { text: input.expression, type: input.type ?? typed.type, slot: newSlot(unit), run: typed.run };
}

function compileRow(row: TableRow, index: number, inputs: readonly Input[], outputs: Outputs, sheet: Sheet): Row {
  const tests: Code[] = [];
  const domains: Domain[] = [];
  for (const [column, source] of row.when.entries()) {
    const input = inputs[column];
    if (input === undefined) continue;
    const { test, domain } = compileTest(source, ['rows', index, 'when', column], input, sheet);
    domains.push(domain);
    if (test.constant !== true) tests.push(test.run);
  }
  const { code, type, rank } = outputCode(row.gives, ['rows', index, 'gives'], outputs, sheet);
  return { id: row.id ?? String(index + 1), article: row.article, tests, domains, output: code, rank, type };
}

function compileTest(
  source: string,
  path: readonly (string | number)[],
  input: Input,
  sheet: Sheet,
): { test: Typed; domain: Domain } {
  const { unit, names } = sheet;
  let domain: Domain = UNKNOWN;
  const test = compileCell(sheet, source, path, parseUnaryTests, (tests) => {
    const value: Typed = { type: input.type, run: readSlot(input.slot) };
    const made = compileUnary(tests, value, names, unit);
    if (unit.faults.length === 0) domain = domainOf(tests, input.type, names, unit);
    return made;
  });
  return { test, domain };
}

function resultType(table: DecisionTable, rows: readonly Row[], outputs: Outputs): FeelType {
  const one = outputType(
    rows.map((row) => row.type),
    outputs,
  );
  if (LIST_POLICIES.includes(table.hitPolicy)) return listOf(one);
  return NUMBER_POLICIES.includes(table.hitPolicy) ? NUMBER : one;
}

/** Refuses results of another type than the one that is wanted; gives that type where only the run can tell. */
function expectResult(type: FeelType, sheet: Sheet): FeelType | undefined {
  const { expect } = sheet.options;
  const fitting = expect === undefined ? 'yes' : fit(type, expect);
  if (expect === undefined || fitting === 'yes') return undefined;
  if (fitting === 'maybe') return expect;
  const hint = 'Change the outputs, or what is expected of them.';
  reportTable(sheet, 'FEEL_RESULT', { type: typeText(type), expected: typeText(expect), hint }, ['outputs']);
  return undefined;
}

/** Checks the rows against each other; says whether no two of them can match at once. */
function checkWhole(
  table: DecisionTable,
  inputs: readonly Input[],
  rows: readonly Row[],
  outputs: Outputs,
  sheet: Sheet,
): boolean {
  const { faults, exclusive } = checkTable({
    hitPolicy: table.hitPolicy,
    rowNames: rows.map((row) => row.id),
    inputs,
    domains: rows.map((row) => row.domains),
    hasDefault: outputs.fallback !== undefined,
  });
  if (!sheet.unit.loose) for (const { code, row, params } of faults) reportTable(sheet, code, params, ['rows', row]);
  return exclusive;
}
