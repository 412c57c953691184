import { calculate, oppositeDuration, oppositeOf } from '../operators/arithmetic.ts';
import type { ArithmeticOperator, NodeOf } from '../syntax/tree.ts';
import { addMonths, dateFromDays, FeelDate } from '../time/date.ts';
import { DaysTimeDuration, YearsMonthsDuration } from '../time/duration.ts';
import { typeText } from '../type-text.ts';
import { ANY, DATE, DATE_TIME, DAYS_TIME, type FeelType, NULL, NUMBER, STRING, TIME, YEARS_MONTHS } from '../types.ts';
import { folded } from './fold.ts';
import type { Names } from './names.ts';
import type { Code, Typed } from './typed.ts';
import { refuse, type Unit } from './unit.ts';

export function compileArithmetic(node: NodeOf<'arithmetic'>, names: Names, unit: Unit): Typed {
  const left = unit.compile(node.left, names);
  const right = unit.compile(node.right, names);
  const type = resultType(node.operator, left.type, right.type);
  if (type === undefined) {
    return refuse(unit, node, 'FEEL_OPERANDS', {
      left: typeText(left.type),
      operator: node.operator,
      right: typeText(right.type),
      hint: hintFor(node.operator, left.type, right.type),
    });
  }
  const run = dateOperation(node.operator, left, right) ?? operation(node.operator, left.run, right.run);
  return folded(unit, node, type, run, [left, right]);
}

export function compileMinus(node: NodeOf<'minus'>, names: Names, unit: Unit): Typed {
  const operand = unit.compile(node.operand, names);
  const { type, run } = operand;
  if (!['number', 'days and time duration', 'years and months duration', 'any', 'null'].includes(type.kind)) {
    const hint = 'Only numbers and durations have an opposite.';
    return refuse(unit, node, 'FEEL_OPERANDS', { left: '', operator: '-', right: typeText(type), hint });
  }
  return folded(unit, node, type, (frame) => oppositeOf(run(frame), frame.machine), [operand]);
}

/** A date and a constant duration: the step is known before. */
function dateOperation(operator: ArithmeticOperator, left: Typed, right: Typed): Code | undefined {
  const { constant: duration } = right;
  if (left.type.kind !== 'date' || (operator !== '+' && operator !== '-')) return undefined;
  const move =
    duration instanceof DaysTimeDuration || duration instanceof YearsMonthsDuration
      ? stepOf(operator, duration)
      : undefined;
  const { run } = left;
  return (
    move &&
    ((frame) => {
      const date = run(frame);
      return date instanceof FeelDate ? move(date) : calculate(operator, date, right.run(frame), frame.machine);
    })
  );
}

function stepOf(
  operator: '+' | '-',
  duration: DaysTimeDuration | YearsMonthsDuration,
): (date: FeelDate) => FeelDate | null {
  const by = operator === '+' ? duration : oppositeDuration(duration);
  return by instanceof DaysTimeDuration
    ? (date) => dateFromDays(date.days + by.days)
    : (date) => addMonths(date, by.months);
}

/** Sums and differences of whole numbers at once, everything else by its kinds. */
function operation(operator: ArithmeticOperator, left: Code, right: Code): Code {
  if (operator === '+') {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      if (typeof a === 'number' && typeof b === 'number') {
        const sum = a + b;
        if (Number.isSafeInteger(sum)) return sum;
      }
      return calculate('+', a, b, frame.machine);
    };
  }
  if (operator === '-') {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      if (typeof a === 'number' && typeof b === 'number') {
        const difference = a - b;
        if (Number.isSafeInteger(difference)) return difference;
      }
      return calculate('-', a, b, frame.machine);
    };
  }
  return (frame) => calculate(operator, left(frame), right(frame), frame.machine);
}

/** Left kind, operator, right kind -> type of the result (DMN 1.5, tables 56 to 60). */
const RESULTS: ReadonlyMap<string, FeelType> = new Map(
  (
    [
      ['number', '+', 'number', NUMBER],
      ['number', '-', 'number', NUMBER],
      ['number', '*', 'number', NUMBER],
      ['number', '/', 'number', NUMBER],
      ['number', '**', 'number', NUMBER],
      ['string', '+', 'string', STRING],
      ...[DAYS_TIME, YEARS_MONTHS].flatMap((duration): [string, string, string, FeelType][] => [
        [duration.kind, '+', duration.kind, duration],
        [duration.kind, '-', duration.kind, duration],
        [duration.kind, '*', 'number', duration],
        ['number', '*', duration.kind, duration],
        [duration.kind, '/', 'number', duration],
        [duration.kind, '/', duration.kind, NUMBER],
        ...[DATE, DATE_TIME].flatMap((moment): [string, string, string, FeelType][] => [
          [moment.kind, '+', duration.kind, moment],
          [duration.kind, '+', moment.kind, moment],
          [moment.kind, '-', duration.kind, moment],
        ]),
      ]),
      ['time', '+', DAYS_TIME.kind, TIME],
      [DAYS_TIME.kind, '+', 'time', TIME],
      ['time', '-', DAYS_TIME.kind, TIME],
      ['time', '-', 'time', DAYS_TIME],
      ['date', '-', 'date', DAYS_TIME],
      ['date', '-', DATE_TIME.kind, DAYS_TIME],
      [DATE_TIME.kind, '-', 'date', DAYS_TIME],
      [DATE_TIME.kind, '-', DATE_TIME.kind, DAYS_TIME],
    ] as [string, string, string, FeelType][]
  ).map(([left, operator, right, result]) => [`${left} ${operator} ${right}`, result]),
);

const open = (type: FeelType): boolean => type.kind === 'any';

function resultType(operator: ArithmeticOperator, left: FeelType, right: FeelType): FeelType | undefined {
  if (left.kind === 'null' || right.kind === 'null') return NULL;
  if (!open(left) && !open(right)) return RESULTS.get(`${left.kind} ${operator} ${right.kind}`);
  const possible = [...RESULTS].filter(([key]) => {
    const [a, b] = key.split(` ${operator} `);
    return b !== undefined && (open(left) || a === left.kind) && (open(right) || b === right.kind);
  });
  const kinds = new Set(possible.map(([, type]) => type));
  return kinds.size === 0 ? undefined : kinds.size === 1 ? possible[0]?.[1] : ANY;
}

function hintFor(operator: ArithmeticOperator, left: FeelType, right: FeelType): string {
  if (operator === '+' && (left.kind === 'string' || right.kind === 'string')) return 'Make a text of it: string(...).';
  if (left.kind === 'date' && right.kind === 'number') return 'Say what is added: duration("P1Y"), duration("P30D").';
  if (left.kind === 'date' && operator === '+' && right.kind === 'date') return 'Dates can be subtracted, not added.';
  return 'Check the types of both sides.';
}
