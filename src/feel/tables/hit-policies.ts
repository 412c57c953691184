import { type Machine, nothing } from '../machine.ts';
import { add } from '../number/arithmetic.ts';
import { isNumber } from '../number/decimal.ts';
import { equalValues } from '../operators/equality.ts';
import { orderOf } from '../operators/order.ts';
import type { FeelNumber, FeelValue } from '../values.ts';
import type { HitPolicy } from './table.ts';

/** A row that matched, with its output. */
export interface Match {
  /** From 0. */
  readonly row: number;
  readonly output: FeelValue;
  /** Place of its output among the values that the table allows, best first. */
  readonly rank: number;
}

/** The value of the rows that matched (at least one), and those of them that count. */
export interface Decided {
  readonly value: FeelValue;
  readonly counted: readonly Match[];
}

/** How each policy makes one value of the matching rows, which come in the order of the table. */
export const HIT_POLICIES: Readonly<Record<HitPolicy, (matches: readonly Match[], machine: Machine) => Decided>> = {
  U: (matches, machine) =>
    matches.length === 1 ? first(matches) : none(matches, nothing(machine, 'SEVERAL_ROWS_MATCH', 'unique table')),
  A: (matches, machine) => {
    const output = matches[0]?.output ?? null;
    const agreed = matches.every((match) => equalValues(match.output, output, machine) === true);
    if (!agreed) return none(matches, nothing(machine, 'SEVERAL_ROWS_MATCH', 'outputs differ'));
    return { value: output, counted: matches };
  },
  P: (matches) => first(byRank(matches)),
  F: first,
  R: listed,
  O: (matches) => listed(byRank(matches)),
  C: listed,
  'C+': (matches, machine) => {
    const value = matches.reduce<FeelValue | undefined>((sum, { output }) => plus(sum, output), undefined);
    return { value: value ?? nothing(machine, 'TYPE_MISMATCH', 'sum of outputs'), counted: matches };
  },
  'C<': (matches, machine) => extreme(matches, -1, machine),
  'C>': (matches, machine) => extreme(matches, 1, machine),
  'C#': (matches) => ({ value: matches.length, counted: matches }),
};

/** What a policy gives when no row matches: the default, as the only item where it gives a list. A count is then none. */
export function withoutMatch(policy: HitPolicy, fallback: FeelValue | undefined): FeelValue {
  if (policy === 'C#') return 0;
  const listed = ['R', 'O', 'C'].includes(policy);
  if (fallback === undefined) return listed ? [] : null;
  return listed ? [fallback] : fallback;
}

function first(matches: readonly Match[]): Decided {
  return { value: matches[0]?.output ?? null, counted: matches.slice(0, 1) };
}

function listed(matches: readonly Match[]): Decided {
  return { value: matches.map((match) => match.output), counted: matches };
}

const none = (matches: readonly Match[], value: null): Decided => ({ value, counted: matches });

const byRank = (matches: readonly Match[]): Match[] => matches.toSorted((a, b) => a.rank - b.rank);

const plus = (sum: FeelValue | undefined, output: FeelValue): FeelValue => {
  if (sum === undefined) return isNumber(output) ? output : null;
  return isNumber(sum) && isNumber(output) ? add(sum, output as FeelNumber) : null;
};

function extreme(matches: readonly Match[], sign: number, machine: Machine): Decided {
  const [start, ...others] = matches;
  let best = start;
  for (const match of others) {
    const order = best === undefined ? null : orderOf(match.output, best.output);
    if (order === null) return none(matches, nothing(machine, 'TYPE_MISMATCH', 'outputs have no order'));
    if (order * sign > 0) best = match;
  }
  return best === undefined ? none(matches, null) : { value: best.output, counted: [best] };
}
