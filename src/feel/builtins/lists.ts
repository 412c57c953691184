import { type Machine, spend } from '../machine.ts';
import { add, compareNumbers, divide, multiply, subtract, wholeNumber } from '../number/arithmetic.ts';
import { Decimal128, decimalOf, isNumber, settle } from '../number/decimal.ts';
import { same } from '../operators/equality.ts';
import { isList } from '../operators/kinds.ts';
import { orderOf } from '../operators/order.ts';
import { FeelDate } from '../time/date.ts';
import type { FeelNumber, FeelValue } from '../values.ts';
import { family } from './signature.ts';

type List = readonly FeelValue[];
type Callable = (...args: FeelValue[]) => FeelValue;

/** Functions of lists (DMN 1.5, table 74 and 82). Positions count from 1, from the end when they are negative. */
export const lists = family({
  'list contains(list: list<T>, element: T): boolean': (list: List, element: FeelValue, machine: Machine) =>
    list.some((item) => same(item, element, machine)),
  'list replace(list: list<T>, position: number, newItem: T): list<T>': (
    list: List,
    position: FeelNumber,
    item: FeelValue,
  ) => {
    const at = indexOf(list, position);
    return at === undefined ? undefined : list.with(at, item);
  },
  'list replace(list: list<T>, match: function<T, T> -> boolean, newItem: T): list<T>': (
    list: List,
    match: Callable,
    newItem: FeelValue,
  ) => replaceMatching(list, match, newItem),
  'count(list: list<T>): number': (list: List) => list.length,
  'min(list: list<C>): C': (list: List) => extreme(list, -1),
  'min(c...: C): C': (list: List) => extreme(list, -1),
  'max(list: list<C>): C': (list: List) => extreme(list, 1),
  'max(c...: C): C': (list: List) => extreme(list, 1),
  'sum(list: list<number>): number': sum,
  'sum(n...: number): number': sum,
  'mean(list: list<number>): number': mean,
  'mean(n...: number): number': mean,
  'product(list: list<number>): number': product,
  'product(n...: number): number': product,
  'median(list: list<number>): number': median,
  'median(n...: number): number': median,
  'stddev(list: list<number>): number': stddev,
  'stddev(n...: number): number': stddev,
  'mode(list: list<number>): list<number>': mode,
  'mode(n...: number): list<number>': mode,
  'all(list: list<boolean>): boolean': (list: List) => quantify(list, false),
  'all(b...: boolean | null): boolean': (list: List) => quantify(list, false),
  'any(list: list<boolean>): boolean': (list: List) => quantify(list, true),
  'any(b...: boolean | null): boolean': (list: List) => quantify(list, true),
  'sublist(list: list<T>, start position: number, length?: number | null): list<T>': sublist,
  'append(list: list<T>, item...: T): list<T>': (list: List, items: List) => [...list, ...items],
  'concatenate(list...: list<T>): list<T>': (parts: readonly List[]) => parts.flat(1),
  'insert before(list: list<T>, position: number, newItem: T): list<T>': (
    list: List,
    position: FeelNumber,
    item: FeelValue,
  ) => {
    const at = indexOf(list, position);
    return at === undefined ? undefined : list.toSpliced(at, 0, item);
  },
  'remove(list: list<T>, position: number): list<T>': (list: List, position: FeelNumber) => {
    const at = indexOf(list, position);
    return at === undefined ? undefined : list.toSpliced(at, 1);
  },
  'reverse(list: list<T>): list<T>': (list: List) => list.toReversed(),
  'index of(list: list<T>, match: T): list<number>': (list: List, match: FeelValue, machine: Machine) =>
    list.flatMap((item, index) => (same(item, match, machine) ? [index + 1] : [])),
  'union(list...: list<T>): list<T>': (parts: readonly List[], machine: Machine) => distinct(parts.flat(1), machine),
  'distinct values(list: list<T>): list<T>': distinct,
  'flatten(list: list<T>): list<Any>': (list: List, machine: Machine) => flatten(list, machine),
  'sort(list: list<T>, precedes: function<T, T> -> boolean): list<T>': (list: List, precedes: Callable) =>
    mergeSort(list, (later, earlier) => precedes(later, earlier) === true),
});

/**
 * A stable merge sort: asks whether the later one of two must come first. Runs that are in order already, as lists of periods mostly
 * are, cost one question for each neighbour.
 */
function mergeSort(list: List, comesFirst: (later: FeelValue, earlier: FeelValue) => boolean): List {
  let runs = runsOf(list, comesFirst);
  while (runs.length > 1) {
    const merged: List[] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [left, right] = [runs[at] as List, runs[at + 1]];
      merged.push(right === undefined ? left : merge(left, right, comesFirst));
    }
    runs = merged;
  }
  return runs[0] ?? list;
}

function runsOf(list: List, comesFirst: (later: FeelValue, earlier: FeelValue) => boolean): List[] {
  const runs: List[] = [];
  let start = 0;
  for (let at = 1; at < list.length; at++) {
    if (!comesFirst(list[at] as FeelValue, list[at - 1] as FeelValue)) continue;
    runs.push(list.slice(start, at));
    start = at;
  }
  if (start === 0) return [list];
  runs.push(list.slice(start));
  return runs;
}

function merge(left: List, right: List, comesFirst: (later: FeelValue, earlier: FeelValue) => boolean): List {
  const merged: FeelValue[] = [];
  let next = 0;
  for (let at = 0; at < left.length; at++) {
    const item = left[at] as FeelValue;
    while (next < right.length && comesFirst(right[next] as FeelValue, item)) merged.push(right[next++] as FeelValue);
    merged.push(item);
  }
  while (next < right.length) merged.push(right[next++] as FeelValue);
  return merged;
}

function indexOf(list: List, position: FeelNumber): number | undefined {
  const place = wholeNumber(position);
  const at = place > 0 ? place - 1 : list.length + place;
  return place !== 0 && at >= 0 && at < list.length ? at : undefined;
}

function replaceMatching(list: List, match: Callable, newItem: FeelValue): FeelValue[] | undefined {
  const replaced: FeelValue[] = [];
  for (const item of list) {
    const matched = match(item, newItem);
    if (typeof matched !== 'boolean') return undefined;
    replaced.push(matched ? newItem : item);
  }
  return replaced;
}

function extreme(list: List, sign: number): FeelValue | undefined {
  let best = list[0] ?? null;
  if (list.length === 1 && orderOf(best, best) === null) return undefined;
  for (let index = 1; index < list.length; index++) {
    const item = list[index] as FeelValue;
    const order = orderOf(item, best);
    if (order === null) return undefined;
    if (order * sign > 0) best = item;
  }
  return best;
}

/** The numbers of a list; undefined when it has anything else. */
function numbersOf(list: List): readonly FeelNumber[] | undefined {
  return list.every(isNumber) ? (list as readonly FeelNumber[]) : undefined;
}

function sum(list: List): FeelNumber | null | undefined {
  if (list.length === 0) return null;
  let total: FeelNumber | null = 0;
  for (const item of list) {
    if (!isNumber(item) || total === null) return undefined;
    total = add(total, item);
  }
  return total ?? undefined;
}

function product(list: List): FeelNumber | null | undefined {
  if (list.length === 0) return null;
  let total: FeelNumber | null = 1;
  for (const item of list) {
    if (!isNumber(item) || total === null) return undefined;
    total = multiply(total, item);
  }
  return total ?? undefined;
}

function mean(list: List): FeelNumber | null | undefined {
  const total = sum(list);
  return total === null || total === undefined ? total : (divide(total, list.length) ?? undefined);
}

function median(list: List): FeelNumber | null | undefined {
  const sorted = numbersOf(list)?.toSorted(compareNumbers);
  if (sorted === undefined) return undefined;
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : mean([sorted[half - 1] ?? 0, upper]);
}

/** Of a sample: divided by one less than the count. */
function stddev(list: List): FeelNumber | null | undefined {
  const numbers = numbersOf(list);
  const middle = mean(list);
  if (numbers === undefined || middle === undefined) return undefined;
  if (middle === null || numbers.length < 2) return null;
  const squares = numbers.map((number) => {
    const distance = subtract(number, middle) ?? 0;
    return multiply(distance, distance);
  });
  const variance = divide(sum(squares) ?? 0, numbers.length - 1);
  return variance === null ? undefined : (settle(Decimal128.sqrt(decimalOf(variance))) ?? undefined);
}

/** The most frequent numbers, in ascending order. */
function mode(list: List): FeelNumber[] | undefined {
  const sorted = numbersOf(list)?.toSorted(compareNumbers);
  if (sorted === undefined) return undefined;
  const runs: { value: FeelNumber; length: number }[] = [];
  for (const value of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && compareNumbers(run.value, value) === 0) run.length++;
    else runs.push({ value, length: 1 });
  }
  const most = runs.reduce((longest, run) => Math.max(longest, run.length), 0);
  return runs.filter((run) => run.length === most).map((run) => run.value);
}

function quantify(list: List, decisive: boolean): boolean | null | undefined {
  if (list.some((item) => item !== null && typeof item !== 'boolean')) return undefined;
  if (list.includes(decisive)) return decisive;
  return list.includes(null) ? null : !decisive;
}

function sublist(list: List, start: FeelNumber, length: FeelNumber | null): List | undefined {
  const at = indexOf(list, start);
  const end = length === null ? list.length : at === undefined ? -1 : at + wholeNumber(length);
  return at === undefined || end < at || end > list.length ? undefined : list.slice(at, end);
}

function isNew<T>(known: Set<T>, value: T): boolean {
  if (known.has(value)) return false;
  known.add(value);
  return true;
}

/** Plain values and dates by a set, the rest by comparing with each one kept. */
function distinct(list: List, machine: Machine): FeelValue[] {
  const plain = new Set<FeelValue>();
  const days = new Set<number>();
  const others: FeelValue[] = [];
  return list.filter((item) => {
    if (typeof item !== 'object' || item === null) return isNew(plain, item);
    if (item instanceof FeelDate) return isNew(days, item.days);
    spend(machine, others.length);
    if (others.some((other) => same(other, item, machine))) return false;
    others.push(item);
    return true;
  });
}

/** Without recursion, since lists may be nested as deeply as a loop builds them. */
function flatten(list: List, machine: Machine): FeelValue[] {
  const flat: FeelValue[] = [];
  const waiting: { list: List; next: number }[] = [{ list, next: 0 }];
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    if (top.next >= top.list.length) {
      waiting.pop();
      continue;
    }
    spend(machine, 1);
    const item = top.list[top.next++] ?? null;
    if (isList(item)) waiting.push({ list: item, next: 0 });
    else flat.push(item);
  }
  return flat;
}
