import { errorsOf } from '../compile/compile.ts';
import { factNames, type Names } from '../compile/names.ts';
import { newUnit, report } from '../compile/node.ts';
import type { Typed } from '../compile/typed.ts';
import { NOTHING, type Unit } from '../compile/unit.ts';
import type { FeelError } from '../compiled.ts';
import { errorOf, type Fault } from '../faults.ts';
import type { Parsed, Vocabulary } from '../syntax/parse.ts';
import type { CellPath, TableOptions } from './table.ts';

/** A table while it is compiled: one unit for all its cells, each with a source and a place of its own. */
export interface Sheet {
  readonly unit: Unit;
  readonly names: Names;
  readonly options: TableOptions;
  readonly errors: FeelError[];
}

export function newSheet(options: TableOptions): Sheet {
  const unit = newUnit(options, '');
  return { unit, names: factNames(options.types, unit), options, errors: [] };
}

/** Reads and compiles one cell; its errors are gathered with its path. */
export function compileCell<Tree>(
  sheet: Sheet,
  source: string,
  path: CellPath,
  parse: (source: string, vocabulary: Vocabulary) => Parsed<Tree | null>,
  make: (tree: Tree) => Typed,
): Typed {
  const { unit, options } = sheet;
  unit.source = source;
  const { tree, faults } = parse(source, options);
  report(unit, faults);
  const typed = tree === null || unit.faults.length > 0 ? NOTHING : make(tree);
  const origin = { file: options.file, at: options.place?.(path) };
  sheet.errors.push(...errorsOf(unit, source, origin).map((error) => ({ ...error, path })));
  unit.faults.length = 0;
  return typed;
}

/** Reports what is wrong with the table at a place rather than with the text of a cell. */
export function reportTable(sheet: Sheet, code: Fault['code'], params: Fault['params'], path: CellPath): void {
  const origin = { file: sheet.options.file, at: sheet.options.place?.(path) ?? sheet.options.at };
  sheet.errors.push({ ...errorOf({ code, from: 0, params }, '', origin), path });
}
