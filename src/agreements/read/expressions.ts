import {
  type Compiled,
  compile,
  compileTable,
  type DecisionTable,
  type FeelError,
  type FeelType,
  type HitPolicy,
  type TableOutput,
} from '../../feel/index.ts';
import type { Code, Findings } from '../findings.ts';
import type { Expression } from '../types.ts';
import type { TableShape } from './kinds/rules.ts';
import type { Path, Source } from './yaml.ts';

/** What an expression may use and must give. */
export interface Wanted {
  types: Readonly<Record<string, FeelType>>;
  expect?: FeelType;
}

/** The letters of the hit policies by their words in YAML. */
export const HIT_POLICIES: Readonly<Record<TableShape['hit'], HitPolicy>> = {
  unique: 'U',
  any: 'A',
  priority: 'P',
  first: 'F',
  collect: 'C',
  ruleOrder: 'R',
  outputOrder: 'O',
  collectSum: 'C+',
  collectMin: 'C<',
  collectMax: 'C>',
  collectCount: 'C#',
};

/** Compiles the expression that stands at a path of a file; what is wrong becomes findings at their place in the file. */
export function expressionAt(
  source: Source,
  path: Path,
  text: string,
  wanted: Wanted,
  findings: Findings,
): Expression | undefined {
  if (!plainNames(source, path, text, findings)) return undefined;
  const made = compile(text, { ...wanted, file: source.file });
  if (made.ok) return { source: text, compiled: made.compiled, at: source.at(path) };
  for (const error of made.errors) report(error, source, path, findings);
  return undefined;
}

/** Compiles the decision table that stands at a path of a file. */
export function tableAt(
  source: Source,
  path: Path,
  name: string,
  table: TableShape,
  wanted: Wanted,
  findings: Findings,
): Compiled | undefined {
  const rows = Object.entries(table.rows);
  const cells: [Path, string][] = [
    ...table.inputs.map((input, index): [Path, string] => [['inputs', index], input]),
    ...rows.flatMap(([row, { when, gives }]): [Path, string][] => [
      ...when.map((test, index): [Path, string] => [['rows', row, 'when', index], test]),
      [['rows', row, 'gives'], gives],
    ]),
    ...(table.values ?? []).map((value, index): [Path, string] => [['values', index], value]),
    ...(table.default === undefined ? [] : [[['default'], table.default] satisfies [Path, string]]),
  ];
  if (!cells.every(([cell, text]) => plainNames(source, [...path, ...cell], text, findings))) return undefined;
  const listed = ['ruleOrder', 'outputOrder', 'collect'].includes(table.hit);
  // A table that gives a list has its type in `expect`; one row gives an item of it.
  const type = listed && wanted.expect?.kind === 'list' ? wanted.expect.item : listed ? undefined : wanted.expect;
  const output: TableOutput = {
    name,
    ...(type !== undefined && table.hit !== 'collectCount' && { type }),
    ...(table.values && { values: table.values }),
    ...(table.default !== undefined && { default: table.default }),
  };
  const written: DecisionTable = {
    name,
    hitPolicy: HIT_POLICIES[table.hit],
    inputs: table.inputs.map((expression) => ({ expression })),
    outputs: [output],
    rows: rows.map(([id, { when, gives, article }]) => ({ id, when, gives: [gives], ...(article && { article }) })),
  };
  const made = compileTable(written, { ...wanted, file: source.file });
  if (made.ok) return made.compiled;
  for (const error of made.errors) report(error, source, [...path, ...cellPath(error.path ?? [], rows)], findings);
  return undefined;
}

/** The compiler counts rows; the file names them. */
function cellPath(path: Path, rows: readonly (readonly [string, unknown])[]): Path {
  const [part, index, ...rest] = path;
  if (part === 'rows' && typeof index === 'number') {
    const [cell, ...deeper] = rest;
    return ['rows', rows[index]?.[0] ?? index, ...(cell === 'gives' ? ['gives'] : [cell ?? [], deeper].flat(2))];
  }
  if (part === 'inputs' && typeof index === 'number') return ['inputs', index];
  if (part === 'outputs' && rest[0] === 'values') return ['values', ...rest.slice(1, 2)];
  return part === 'outputs' && rest[0] === 'default' ? ['default'] : [];
}

function report(error: FeelError, source: Source, path: Path, findings: Findings): void {
  findings.addForeign(error, source.inside(path, error.line, error.column));
}

/** Says that a name is not there, unless it is. */
export function demand(
  known: boolean,
  code: Code,
  name: string,
  source: Source,
  path: Path,
  findings: Findings,
): boolean {
  if (!known) findings.add(code, { name }, source.at(path));
  return known;
}

/**
 * Outside of texts and comments an expression is plain Latin: the names that it makes for itself must not look like others either.
 * Finding: AGREEMENT_NAME_SCRIPT
 */
function plainNames(source: Source, path: Path, text: string, findings: Findings): boolean {
  // Texts and comments are blanked, not cut, so that places stay.
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (part) => part.replace(/[^\n]/g, ' '));
  const found = /[^\x20-\x7e\s][^\x20-\x2f\s]*/u.exec(bare);
  if (found === null) return true;
  const before = bare.slice(0, found.index).split('\n');
  const at = source.inside(path, before.length, (before.at(-1)?.length ?? 0) + 1);
  findings.add('AGREEMENT_NAME_SCRIPT', { name: found[0].slice(0, 60) }, at);
  return false;
}
