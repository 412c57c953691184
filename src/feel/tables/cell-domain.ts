import type { Names } from '../compile/names.ts';
import type { Unit } from '../compile/unit.ts';
import { isList } from '../operators/kinds.ts';
import { FeelRange } from '../range.ts';
import type { Node, UnaryTests } from '../syntax/tree.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { ALL, complement, type Domain, type Edge, type Span, UNKNOWN } from './domain.ts';

/** What one test lets through. `nullOf` is what it says of null: false for an equality, null for a comparison by order. */
interface Part {
  readonly span: Span | undefined;
  readonly nullOf: boolean | null;
}

/** The domain of a cell whose tests have passed the checks. */
export function domainOf(cell: UnaryTests, input: FeelType, names: Names, unit: Unit): Domain {
  if (cell.tests === undefined) return ALL;
  const parts: Part[] = [];
  for (const node of cell.tests) {
    const found = partsOf(node, input, names, unit);
    if (found === undefined) return UNKNOWN;
    parts.push(...found);
  }
  const spans = parts.flatMap((part) => part.span ?? []);
  const none = cell.negated ? parts.every((part) => part.nullOf === false) : parts.some((part) => part.nullOf === true);
  const universe = universeOf(input);
  if (universe === undefined) return { kind: 'spans', spans: cell.negated ? complement(spans) : spans, none };
  if (!spans.every(isPoint)) return UNKNOWN;
  const named = new Set(spans.map((span) => span.from?.at ?? null));
  const values = universe.filter((value) => named.has(value) !== cell.negated);
  return { kind: 'some', values: new Set(values), none };
}

/** The values that a type can have, where they can be counted. */
export function universeOf(type: FeelType): readonly FeelValue[] | undefined {
  if (type.kind === 'boolean') return [true, false];
  return type.kind === 'string' ? type.values : undefined;
}

/** What a test lets through, if it is constant: a test that mentions `?` is not, and does not even compile by itself. */
function partsOf(node: Node, input: FeelType, names: Names, unit: Unit): Part[] | undefined {
  const before = unit.faults.length;
  const value = unit.compile(node.kind === 'test' ? node.operand : node, names).constant;
  const alone = unit.faults.length === before;
  unit.faults.length = before;
  if (value === undefined || !alone) return undefined;
  if (typeof value === 'boolean' && input.kind !== 'boolean') return undefined;
  if (node.kind !== 'test') return partsOfValue(value);
  const [below, above] = [edge(value, -1), edge(value, 1)];
  switch (node.operator) {
    case '=':
      return [point(value)];
    case '!=':
      return [
        { span: { from: undefined, to: below }, nullOf: true },
        { span: { from: above, to: undefined }, nullOf: true },
      ];
    case '<':
      return [{ span: { from: undefined, to: below }, nullOf: null }];
    case '<=':
      return [{ span: { from: undefined, to: edge(value, 0) }, nullOf: null }];
    case '>':
      return [{ span: { from: above, to: undefined }, nullOf: null }];
    case '>=':
      return [{ span: { from: edge(value, 0), to: undefined }, nullOf: null }];
  }
}

const edge = (at: FeelValue, side: Edge['side']): Edge => ({ at, side });

const point = (value: FeelValue): Part =>
  value === null
    ? { span: undefined, nullOf: true }
    : { span: { from: edge(value, 0), to: edge(value, 0) }, nullOf: false };

function partsOfValue(value: FeelValue): Part[] | undefined {
  if (isList(value)) {
    const parts = value.map(partsOfValue);
    return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
  }
  if (!(value instanceof FeelRange)) return [point(value)];
  const from = value.start === null ? undefined : edge(value.start, value.startIncluded ? 0 : 1);
  const to = value.end === null ? undefined : edge(value.end, value.endIncluded ? 0 : -1);
  return [{ span: { from, to }, nullOf: null }];
}

const isPoint = ({ from, to }: Span): boolean =>
  from !== undefined && to !== undefined && from.side === 0 && to.side === 0 && from.at === to.at;
