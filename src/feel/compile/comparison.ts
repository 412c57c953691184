import { type Machine, nothing } from '../machine.ts';
import { equalValues } from '../operators/equality.ts';
import { kindOf } from '../operators/kinds.ts';
import { orderOf } from '../operators/order.ts';
import type { CompareOperator, NodeOf, Place } from '../syntax/tree.ts';
import { FeelDate } from '../time/date.ts';
import { comparable, disjointTexts, ordered } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { BOOLEAN, type FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { folded } from './fold.ts';
import type { Names } from './names.ts';
import type { Code, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

export function compileCompare(node: NodeOf<'compare'>, names: Names, unit: Unit): Typed {
  return compareTyped(node.operator, unit.compile(node.left, names), unit.compile(node.right, names), node, unit);
}

/** `left operator right`, for the expression and for the unary tests that mean it. */
export function compareTyped(operator: CompareOperator, left: Typed, right: Typed, place: Place, unit: Unit): Typed {
  const equality = operator === '=' || operator === '!=';
  if (!comparableTypes(left.type, right.type, !equality)) return refuseComparison(left.type, right.type, place, unit);
  if (disjointTexts(left.type, right.type) && equality) return refuseValue(left, right, place, unit);
  const run = equality ? equalityCode(operator, left, right) : orderCode(operator, left, right);
  return folded(unit, place, BOOLEAN, run, [left, right]);
}

export function compileBetween(node: NodeOf<'between'>, names: Names, unit: Unit): Typed {
  const [value, low, high] = [node.value, node.low, node.high].map((part) => unit.compile(part, names)) as [
    Typed,
    Typed,
    Typed,
  ];
  for (const end of [low, high]) {
    if (!comparableTypes(value.type, end.type, true)) return refuseComparison(value.type, end.type, node, unit);
  }
  const run: Code = (frame) => {
    const tested = value.run(frame);
    const above = orderOf(tested, low.run(frame));
    const below = orderOf(tested, high.run(frame));
    if ((above !== null && above < 0) || (below !== null && below > 0)) return false;
    return above === null || below === null ? null : true;
  };
  return folded(unit, node, BOOLEAN, run, [value, low, high]);
}

function comparableTypes(left: FeelType, right: FeelType, byOrder: boolean): boolean {
  return comparable(left, right) && (!byOrder || (ordered(left) !== 'no' && ordered(right) !== 'no'));
}

function refuseComparison(left: FeelType, right: FeelType, place: Place, unit: Unit): Typed {
  return refuse(unit, place, 'FEEL_COMPARISON', {
    left: typeText(left),
    right: typeText(right),
    hint: hintFor(left.kind, right.kind),
  });
}

function hintFor(left: string, right: string): string {
  const kinds = [left, right];
  if (kinds.includes('number') && kinds.includes('string'))
    return 'A number is written without quotes; number("...") reads one.';
  if (kinds.includes('date') && kinds.includes('string')) return 'A date is written @"2021-01-31".';
  if (kinds.includes('date') && kinds.includes('date and time')) return 'Take the date of it: date(...).';
  if (left === right) return 'Values of this type have no order.';
  return 'Both sides must have one type.';
}

/** The literal stands on either side; the enumeration on the other. */
function refuseValue(left: Typed, right: Typed, place: Place, unit: Unit): Typed {
  const [value, among] = right.constant !== undefined ? [right.type, left.type] : [left.type, right.type];
  return refuse(unit, place, 'FEEL_ENUMERATION', { value: typeText(value), values: typeText(among) });
}

/** A comparison by order: what the three outcomes mean, with short ways for whole numbers and for dates. */
function orderCode(operator: CompareOperator, left: Typed, right: Typed): Code {
  const [less, equal, greater] = [operator.startsWith('<'), operator.endsWith('='), operator.startsWith('>')];
  const [a, b] = [left.run, right.run];
  const { constant } = right;
  const decide = (order: number): boolean => (order < 0 ? less : order > 0 ? greater : equal);
  const slow: Code = (frame) => {
    const x = a(frame);
    const y = b(frame);
    const order = orderOf(x, y);
    if (order !== null) return decide(order);
    return x === null || y === null
      ? null
      : nothing(frame.machine, 'TYPE_MISMATCH', `${kindOf(x)} ${operator} ${kindOf(y)}`);
  };
  if (typeof constant === 'number') {
    return (frame) => {
      const x = a(frame);
      if (typeof x === 'number') return x < constant ? less : x > constant ? greater : equal;
      return x === null ? null : slow(frame);
    };
  }
  if (constant instanceof FeelDate) {
    const { days } = constant;
    return (frame) => {
      const x = a(frame);
      if (x instanceof FeelDate) return x.days < days ? less : x.days > days ? greater : equal;
      return x === null ? null : slow(frame);
    };
  }
  if (left.type.kind === 'date' && right.type.kind === 'date') {
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      if (x instanceof FeelDate && y instanceof FeelDate)
        return x.days < y.days ? less : x.days > y.days ? greater : equal;
      return null;
    };
  }
  return (frame) => {
    const x = a(frame);
    const y = b(frame);
    if (typeof x === 'number' && typeof y === 'number') return x < y ? less : x > y ? greater : equal;
    if (x === null || y === null) return null;
    const order = orderOf(x, y);
    return order === null
      ? nothing(frame.machine, 'TYPE_MISMATCH', `${kindOf(x)} ${operator} ${kindOf(y)}`)
      : decide(order);
  };
}

function equalityCode(operator: CompareOperator, left: Typed, right: Typed): Code {
  const wanted = operator === '=';
  const [a, b] = [left.run, right.run];
  const { constant } = right;
  if (typeof constant === 'string' || typeof constant === 'number') {
    const kind = typeof constant;
    return (frame) => {
      const x = a(frame);
      if (typeof x === kind) return (x === constant) === wanted;
      return decideEquality(x, constant, wanted, frame.machine);
    };
  }
  if (left.type.kind === 'date' && right.type.kind === 'date') {
    return (frame) => {
      const x = a(frame);
      const y = b(frame);
      if (x instanceof FeelDate && y instanceof FeelDate) return (x.days === y.days) === wanted;
      return decideEquality(x, y, wanted, frame.machine);
    };
  }
  return (frame) => decideEquality(a(frame), b(frame), wanted, frame.machine);
}

function decideEquality(x: FeelValue, y: FeelValue, wanted: boolean, machine: Machine): boolean | null {
  const equal = equalValues(x, y, machine);
  return equal === null ? nothing(machine, 'TYPE_MISMATCH', `${kindOf(x)} = ${kindOf(y)}`) : equal === wanted;
}
