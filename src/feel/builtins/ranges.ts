import { parseNumber } from '../number/decimal.ts';
import { orderOf } from '../operators/order.ts';
import { FeelRange } from '../range.ts';
import { readTextLiteral } from '../syntax/text-literal.ts';
import { parseTemporal } from '../time/literal.ts';
import type { FeelValue } from '../values.ts';
import { family, type Implementation, type Overload } from './signature.ts';

/**
 * Where a range begins or ends on the line of its values: at a value, or just before (-1) or after (1) it. So an end that is excluded
 * and one that is included need no rules of their own, and a point is the range that begins and ends at it.
 */
interface Cut {
  readonly at: FeelValue;
  readonly side: -1 | 0 | 1;
  /** Before all values, or after all. */
  readonly beyond: -1 | 0 | 1;
}

const startOf = (value: FeelValue): Cut => {
  if (!(value instanceof FeelRange)) return { at: value, side: 0, beyond: 0 };
  return { at: value.start, side: value.startIncluded ? 0 : 1, beyond: value.start === null ? -1 : 0 };
};

const endOf = (value: FeelValue): Cut => {
  if (!(value instanceof FeelRange)) return { at: value, side: 0, beyond: 0 };
  return { at: value.end, side: value.endIncluded ? 0 : -1, beyond: value.end === null ? 1 : 0 };
};

/** The order of two cuts; NaN, of which every comparison is false, where their values have none. */
function order(a: Cut, b: Cut): number {
  if (a.beyond !== 0 || b.beyond !== 0) return a.beyond - b.beyond;
  return (orderOf(a.at, b.at) ?? Number.NaN) || a.side - b.side;
}

type Relation = (a: FeelValue, b: FeelValue) => boolean;

const before: Relation = (a, b) => order(endOf(a), startOf(b)) < 0;
const meets: Relation = (a, b) => order(endOf(a), startOf(b)) === 0;
const overlaps: Relation = (a, b) => order(endOf(a), startOf(b)) >= 0 && order(startOf(a), endOf(b)) <= 0;
const overlapsBefore: Relation = (a, b) =>
  order(startOf(a), startOf(b)) < 0 && order(endOf(a), startOf(b)) >= 0 && order(endOf(a), endOf(b)) <= 0;
const finishes: Relation = (a, b) => order(endOf(a), endOf(b)) === 0 && order(startOf(a), startOf(b)) >= 0;
const includes: Relation = (a, b) => order(startOf(a), startOf(b)) <= 0 && order(endOf(a), endOf(b)) >= 0;
const starts: Relation = (a, b) => order(startOf(a), startOf(b)) === 0 && order(endOf(a), endOf(b)) <= 0;
const coincides: Relation = (a, b) => order(startOf(a), startOf(b)) === 0 && order(endOf(a), endOf(b)) === 0;

const inverse =
  (relation: Relation): Relation =>
  (a, b) =>
    relation(b, a);

const POINTS = 'point1: C, point2: C';
const POINT_RANGE = 'point: C, range: range<C>';
const RANGE_POINT = 'range: range<C>, point: C';
const RANGES = 'range1: range<C>, range2: range<C>';

/** Name, relation, and what it relates (DMN 1.5, table 80: Allen's interval relations). */
const RELATIONS: readonly (readonly [name: string, relation: Relation, ...forms: string[]])[] = [
  ['before', before, POINTS, POINT_RANGE, RANGE_POINT, RANGES],
  ['after', inverse(before), POINTS, POINT_RANGE, RANGE_POINT, RANGES],
  ['meets', meets, RANGES],
  ['met by', inverse(meets), RANGES],
  ['overlaps', overlaps, RANGES],
  ['overlaps before', overlapsBefore, RANGES],
  ['overlaps after', inverse(overlapsBefore), RANGES],
  ['finishes', finishes, POINT_RANGE, RANGES],
  ['finished by', inverse(finishes), RANGE_POINT, RANGES],
  ['includes', includes, RANGE_POINT, RANGES],
  ['during', inverse(includes), POINT_RANGE, RANGES],
  ['starts', starts, POINT_RANGE, RANGES],
  ['started by', inverse(starts), RANGE_POINT, RANGES],
  ['coincides', coincides, POINTS, RANGES],
];

/** A relation is null of ends that have no order with each other. */
const guarded =
  (relation: Relation): Implementation =>
  (a: FeelValue, b: FeelValue) =>
    Number.isNaN(order(startOf(a), startOf(b))) || Number.isNaN(order(endOf(a), endOf(b))) ? undefined : relation(a, b);

/** Functions of ranges, and the one that reads a range. */
export const ranges: Overload[] = [
  ...family(
    Object.fromEntries(
      RELATIONS.flatMap(([name, relation, ...forms]) =>
        forms.map((form) => [`${name}(${form}): boolean`, guarded(relation)]),
      ),
    ),
  ),
  ...family({ 'range(from: string): range<Any>': readRange }),
];

/** Longer than any two ends, and short enough for the expressions below. */
const LONGEST_RANGE = 200;

const RANGE = /^([[(\]])(.*?)\.\.(.*)([\])[])$/s;

/** `range("[1..5)")`: the ends are literals; an end left out is open. */
function readRange(text: string): FeelRange | undefined {
  const match = text.length > LONGEST_RANGE ? null : RANGE.exec(text.trim());
  if (match === null) return undefined;
  const [start, end] = [readEnd(match[2] ?? ''), readEnd(match[3] ?? '')];
  if (start === undefined || end === undefined || (start === null && end === null)) return undefined;
  if ((start === null && match[1] === '[') || (end === null && match[4] === ']')) return undefined;
  const found = start === null || end === null ? -1 : orderOf(start, end);
  if (found === null || found > 0) return undefined;
  return new FeelRange(start, match[1] === '[', end, match[4] === ']');
}

const TEMPORAL = /^(?:@|(?:date|time|date and time|duration)\s*\(\s*)"([^"]*)"\s*\)?$/;

function readEnd(written: string): FeelValue | undefined {
  const text = written.trim();
  if (text === '') return null;
  const temporal = TEMPORAL.exec(text);
  if (temporal !== null) return parseTemporal(temporal[1] ?? '') ?? undefined;
  if (/^"(?:[^"\\]|\\.)*"$/s.test(text)) return readTextLiteral(text.slice(1, -1)).text;
  return parseNumber(text) ?? undefined;
}
