import { quoted } from '../display.ts';
import type { FeelErrorCode } from '../errors.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { universeOf } from './cell-domain.ts';
import { type Domain, isEmpty, meet, within } from './domain.ts';
import type { HitPolicy } from './table.ts';

/** Tables beyond this many rows are not compared row by row: their overlaps show at run time. */
const MOST_COMPARED_ROWS = 2000;
/** Combinations of enumerated values that are tried for a row. */
const MOST_COMBINATIONS = 20_000;

/** What is wrong with a table as a whole. `row` counts from 0. */
export interface TableFault {
  readonly code: FeelErrorCode;
  readonly row: number;
  readonly params: Readonly<Record<string, string>>;
}

export interface TableShape {
  readonly hitPolicy: HitPolicy;
  readonly rowNames: readonly string[];
  readonly inputs: readonly { readonly text: string; readonly type: FeelType }[];
  /** By row and input. */
  readonly domains: readonly (readonly Domain[])[];
  readonly hasDefault: boolean;
}

/**
 * Finds rows that can never decide, rows of a unique table that can both match, and cases that no row answers.
 * @returns the faults, and whether it is certain that no two rows match at once
 */
export function checkTable(shape: TableShape): { faults: TableFault[]; exclusive: boolean } {
  const faults = impossibleRows(shape);
  if (shape.hitPolicy === 'F') faults.push(...hiddenRows(shape));
  const { overlaps, exclusive } = comparedRows(shape);
  if (shape.hitPolicy === 'U') faults.push(...overlaps);
  if (['U', 'A', 'P', 'F'].includes(shape.hitPolicy) && !shape.hasDefault) faults.push(...missingCase(shape));
  return { faults, exclusive };
}

const nameOf = (shape: TableShape, row: number): string => shape.rowNames[row] ?? String(row + 1);

function impossibleRows(shape: TableShape): TableFault[] {
  return shape.domains.flatMap((domains, row): TableFault[] => {
    const at = domains.findIndex(isEmpty);
    if (at === -1) return [];
    const hint = `No value of ${shape.inputs[at]?.text ?? 'the input'} passes its test.`;
    return [{ code: 'FEEL_TABLE_UNREACHABLE', row, params: { row: nameOf(shape, row), hint } }];
  });
}

/** In a table where the first match counts, a row that an earlier one covers is dead. */
function hiddenRows(shape: TableShape): TableFault[] {
  if (shape.domains.length > MOST_COMPARED_ROWS) return [];
  return shape.domains.flatMap((domains, row): TableFault[] => {
    const earlier = shape.domains
      .slice(0, row)
      .findIndex((others) => domains.every((domain, column) => within(domain, others[column] ?? { kind: 'unknown' })));
    if (earlier === -1) return [];
    const hint = `Row ${nameOf(shape, earlier)} matches first whenever it would: move it up, or take it out.`;
    return [{ code: 'FEEL_TABLE_UNREACHABLE', row, params: { row: nameOf(shape, row), hint } }];
  });
}

function comparedRows(shape: TableShape): { overlaps: TableFault[]; exclusive: boolean } {
  const overlaps: TableFault[] = [];
  const { domains } = shape;
  let exclusive = domains.length <= MOST_COMPARED_ROWS;
  if (!exclusive) return { overlaps, exclusive };
  for (let row = 1; row < domains.length; row++) {
    for (let other = 0; other < row; other++) {
      const met = meetRows(domains[other] ?? [], domains[row] ?? []);
      if (met === 'no') continue;
      exclusive = false;
      if (met === 'unknown') continue;
      const params = { first: nameOf(shape, other), second: nameOf(shape, row) };
      overlaps.push({ code: 'FEEL_TABLE_OVERLAP', row, params });
    }
  }
  return { overlaps, exclusive };
}

function meetRows(a: readonly Domain[], b: readonly Domain[]): 'yes' | 'no' | 'unknown' {
  let result: 'yes' | 'unknown' = 'yes';
  for (const [column, domain] of a.entries()) {
    const met = meet(domain, b[column] ?? { kind: 'unknown' });
    if (met === 'no') return 'no';
    if (met === 'unknown') result = 'unknown';
  }
  return result;
}

/** The first combination of enumerated values for which no row can match, whatever the other inputs are. */
function missingCase(shape: TableShape): TableFault[] {
  const columns = shape.inputs.flatMap(({ text, type }, column) => {
    const values = universeOf(type);
    return values === undefined ? [] : [{ text, column, values }];
  });
  const combinations = columns.reduce((count, { values }) => count * values.length, 1);
  if (columns.length === 0 || combinations > MOST_COMBINATIONS) return [];
  for (let number = 0; number < combinations; number++) {
    let rest = number;
    const chosen = columns.map(({ text, column, values }) => {
      const value = values[rest % values.length] ?? null;
      rest = Math.floor(rest / values.length);
      return { text, column, value };
    });
    const answered = shape.domains.some((domains) => chosen.every(({ column, value }) => lets(domains[column], value)));
    if (answered) continue;
    const example = chosen.map(({ text, value }) => `${text} = ${shown(value)}`).join(', ');
    return [{ code: 'FEEL_TABLE_GAP', row: Math.max(0, shape.domains.length - 1), params: { example } }];
  }
  return [];
}

const lets = (domain: Domain | undefined, value: FeelValue): boolean =>
  domain?.kind !== 'some' || domain.values.has(value);

const shown = (value: FeelValue): string => (typeof value === 'string' ? quoted(value) : String(value));
