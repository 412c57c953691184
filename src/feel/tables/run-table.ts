import type { Code, Frame } from '../compile/typed.ts';
import { type Machine, spend } from '../machine.ts';
import type { FeelValue } from '../values.ts';
import { HIT_POLICIES, type Match, withoutMatch } from './hit-policies.ts';
import type { HitPolicy } from './table.ts';

/** A table that has passed the checks. */
export interface CompiledTable {
  readonly name: string;
  readonly hitPolicy: HitPolicy;
  /** No two rows can match at once, so that the first match is the only one. */
  readonly exclusive: boolean;
  readonly inputs: readonly { readonly slot: number; readonly run: Code }[];
  readonly rows: readonly CompiledRow[];
  readonly fallback: Code | undefined;
}

export interface CompiledRow {
  readonly id: string;
  readonly article: string | undefined;
  /** The tests that are not the dash. */
  readonly tests: readonly Code[];
  readonly output: Code;
  readonly rank: (output: FeelValue, machine: Machine) => number;
}

/** Code that evaluates the inputs once, then tests the rows in order. */
export function runTable(table: CompiledTable): Code {
  const { inputs, rows, hitPolicy } = table;
  const decide = HIT_POLICIES[hitPolicy];
  const oneIsEnough = hitPolicy === 'F' || (table.exclusive && ['U', 'A', 'P'].includes(hitPolicy));
  return (frame) => {
    for (const { slot, run } of inputs) frame.slots[slot] = run(frame);
    const matches: Match[] = [];
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as CompiledRow;
      if (!matchesRow(row.tests, frame)) continue;
      const output = row.output(frame);
      if (oneIsEnough) {
        spend(frame.machine, index + 1);
        note(table, row, frame);
        return output;
      }
      matches.push({ row: index, output, rank: row.rank(output, frame.machine) });
    }
    spend(frame.machine, rows.length);
    if (matches.length === 0) return withoutMatch(hitPolicy, table.fallback?.(frame));
    const { value, counted } = decide(matches, frame.machine);
    if (frame.machine.trace !== undefined) {
      for (const match of counted) note(table, rows[match.row] as CompiledRow, frame);
    }
    return value;
  };
}

function matchesRow(tests: readonly Code[], frame: Frame): boolean {
  for (let index = 0; index < tests.length; index++) if ((tests[index] as Code)(frame) !== true) return false;
  return true;
}

function note(table: CompiledTable, row: CompiledRow, frame: Frame): void {
  const { article } = row;
  frame.machine.trace?.rows.push({ table: table.name, row: row.id, ...(article === undefined ? {} : { article }) });
}
