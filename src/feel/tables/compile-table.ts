import type { Compilation } from '../compiled.ts';
import type { DecisionTable, TableOptions } from './table.ts';

/** Compiles a decision table: every cell, and the table as a whole. */
export function compileTable(_table: DecisionTable, _options: TableOptions): Compilation {
  return { ok: false, errors: [] };
}
