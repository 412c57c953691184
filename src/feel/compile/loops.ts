import { nothing, spend } from '../machine.ts';
import { isList, kindOf } from '../operators/kinds.ts';
import { FeelRange } from '../range.ts';
import type { Loop, Node, NodeOf } from '../syntax/tree.ts';
import { dateFromDays, FeelDate } from '../time/date.ts';
import { fit, join } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { ANY, BOOLEAN, DATE, type FeelType, listOf, NULL, NUMBER } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { compileCondition } from './logic.ts';
import { type Names, readSlot, withLocal } from './names.ts';
import { enter, repeatedly, touch } from './repeat.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { newSlot, refuse, type Unit } from './unit.ts';

/** `for x in xs, y in 1..n return ...`: the last name turns fastest. `partial` is the list of the results so far. */
export function compileFor(node: NodeOf<'for'>, names: Names, unit: Unit): Typed {
  const partial = newSlot(unit);
  const first = compileFirst(node.loops, names, unit);
  const { made, memos } = repeatedly(unit, () => {
    const { loops, visible } = compileLoops(node.loops, first, names, unit);
    return { loops, body: compileBody(node.body, visible, partial, unit) };
  });
  const { loops, body } = made;
  const code = body.run;
  const run: Code = (frame) => {
    enter(memos, frame);
    const results: FeelValue[] = [];
    frame.slots[partial] = results;
    const ended = turn(loops, 0, frame, () => {
      results.push(code(frame));
      return true;
    });
    return ended === null ? null : results;
  };
  const [only] = loops;
  const simple = only !== undefined && loops.length === 1 && only.end === undefined;
  return { type: listOf(body.type), run: simple ? listCode(only, code, { partial, memos }, run) : run };
}

/** What most loops are: once through one list. Where it turns out to be no list, `otherwise` goes on. */
function listCode(
  { slot, source }: CompiledLoop,
  body: Code,
  { partial, memos }: { partial: number; memos: readonly number[] },
  otherwise: Code,
): Code {
  return (frame) => {
    const { slots, machine } = frame;
    enter(memos, frame);
    const list = source(frame);
    if (!isList(list)) return otherwise(frame);
    spend(machine, list.length);
    const results: FeelValue[] = [];
    slots[partial] = results;
    for (let index = 0; index < list.length; index++) {
      slots[slot] = list[index] as FeelValue;
      results.push(body(frame));
    }
    return results;
  };
}

/** `some`, `every`: one decisive item decides; otherwise null when an item's condition is null. */
export function compileQuantified(node: NodeOf<'quantified'>, names: Names, unit: Unit): Typed {
  const first = compileFirst(node.loops, names, unit);
  const { made, memos } = repeatedly(unit, () => {
    const { loops, visible } = compileLoops(node.loops, first, names, unit);
    return { loops, condition: compileCondition(node.body, visible, unit).run };
  });
  const { loops, condition } = made;
  const decisive = node.quantifier === 'some';
  const run: Code = (frame) => {
    enter(memos, frame);
    let result: boolean | null = !decisive;
    const ended = turn(loops, 0, frame, () => {
      const value = condition(frame);
      if (value === decisive) result = decisive;
      else if (value !== !decisive) result = null;
      return value !== decisive;
    });
    return ended === null ? null : result;
  };
  return { type: BOOLEAN, run };
}

/** What the first name goes through is asked for once: it is compiled outside of what turns. */
function compileFirst([first]: readonly Loop[], names: Names, unit: Unit): Typed | undefined {
  return first && unit.compile(first.source, names);
}

function compileLoops(
  nodes: readonly Loop[],
  first: Typed | undefined,
  names: Names,
  unit: Unit,
): { loops: readonly CompiledLoop[]; visible: Names } {
  const loops: CompiledLoop[] = [];
  let visible = names;
  for (const [index, node] of nodes.entries()) {
    const source = (index === 0 ? first : undefined) ?? unit.compile(node.source, visible);
    const end = node.end === undefined ? undefined : unit.compile(node.end, visible);
    const type = end === undefined ? itemType(source.type) : stepType(source.type, end.type);
    if (type === undefined && !unit.loose) {
      refuse(unit, node.source, 'FEEL_LOOP', { type: typeText(source.type) });
    }
    const slot = newSlot(unit);
    loops.push({ slot, source: source.run, end: end?.run });
    const path = end === undefined ? source.fact?.path : undefined;
    visible = withLocal(visible, unit, { name: node.name, type: type ?? ANY, slot, ...(path && { path }) });
  }
  return { loops, visible };
}

interface CompiledLoop {
  readonly slot: number;
  readonly source: Code;
  readonly end: Code | undefined;
}

function itemType(source: FeelType): FeelType | undefined {
  if (source.kind === 'list') return source.item;
  if (source.kind === 'range') return source.of.kind === 'number' || source.of.kind === 'date' ? source.of : undefined;
  return source.kind === 'any' || source.kind === 'null' ? ANY : undefined;
}

function stepType(start: FeelType, end: FeelType): FeelType | undefined {
  const fits = (wanted: FeelType) => fit(start, wanted) !== 'no' && fit(end, wanted) !== 'no';
  if (fits(NUMBER)) return fits(DATE) ? ANY : NUMBER;
  return fits(DATE) ? DATE : undefined;
}

/**
 * The body of a loop. Where it mentions `partial`, its type depends on itself: it is first compiled as if there were no results yet, then
 * with results of the type that this gives, until that type holds.
 */
function compileBody(node: Node, names: Names, slot: number, unit: Unit): Typed {
  const before = unit.faults.length;
  const depth = unit.scopes.length;
  let mentioned = false;
  const attempt = (item: FeelType): Typed => {
    unit.faults.length = before;
    const partial: Typed = { type: listOf(item), run: copySlot(slot), borrow: readSlot(slot) };
    return unit.compile(node, {
      find(name) {
        if (name !== 'partial') return names.find(name);
        mentioned = true;
        touch(unit, depth, slot);
        return partial;
      },
      types: names.types,
    });
  };
  let body = attempt(NULL);
  for (let item: FeelType = NULL, round = 0; mentioned; round++) {
    if (fit(body.type, item) === 'yes' && body.type.kind !== 'null') return body;
    item = round < 2 ? join(item, body.type) : ANY;
    body = attempt(item);
    if (item.kind === 'any') break;
  }
  return body;
}

/** `partial` is a copy where it may be kept, so that no value ever changes. */
const copySlot =
  (slot: number): Code =>
  (frame) => {
    const results = frame.slots[slot] as readonly FeelValue[];
    spend(frame.machine, 1 + (results.length >> 4));
    return results.slice();
  };

/**
 * Goes through the loops from `depth` on, setting their slots, until `visit` gives false.
 * @returns whether all was gone through; null where something is no list
 */
function turn(loops: readonly CompiledLoop[], depth: number, frame: Frame, visit: () => boolean): boolean | null {
  const loop = loops[depth];
  if (loop === undefined) return visit();
  const { slots, machine } = frame;
  const step = (value: FeelValue): boolean | null => {
    spend(machine, 1);
    slots[loop.slot] = value;
    return depth + 1 === loops.length ? visit() : turn(loops, depth + 1, frame, visit);
  };
  const source = loop.source(frame);
  if (loop.end !== undefined) return count(source, loop.end(frame), frame, step);
  if (isList(source)) {
    for (const item of source) {
      const on = step(item);
      if (on !== true) return on;
    }
    return true;
  }
  if (source instanceof FeelRange) return countRange(source, frame, step);
  return source === null ? null : step(source);
}

type Step = (value: FeelValue) => boolean | null;

/** `start..end`, both included, upwards or downwards, by ones or by days. */
function count(start: FeelValue, end: FeelValue, frame: Frame, step: Step): boolean | null {
  if (start instanceof FeelDate && end instanceof FeelDate) {
    return countWhole(start.days, end.days, (days) => step(dateFromDays(days)));
  }
  if (typeof start === 'number' && typeof end === 'number') return countWhole(start, end, step);
  return start === null || end === null ? null : notCounted(start, frame);
}

/** A range has whole numbers or days inside when both its ends are given. */
function countRange(range: FeelRange, frame: Frame, step: Step): boolean | null {
  const { start, end } = range;
  const [first, last] = [range.startIncluded ? 0 : 1, range.endIncluded ? 0 : -1];
  if (start instanceof FeelDate && end instanceof FeelDate) {
    const [from, to] = [start.days + first, end.days + last];
    return from > to ? true : countWhole(from, to, (days) => step(dateFromDays(days)));
  }
  if (typeof start !== 'number' || typeof end !== 'number') return notCounted(start, frame);
  const [from, to] = [start + first, end + last];
  return from > to ? true : countWhole(from, to, step);
}

function countWhole(from: number, to: number, step: (value: number) => boolean | null): boolean | null {
  const by = from <= to ? 1 : -1;
  for (let value = from; by > 0 ? value <= to : value >= to; value += by) {
    const on = step(value);
    if (on !== true) return on;
  }
  return true;
}

const notCounted = (start: FeelValue, frame: Frame): null =>
  nothing(frame.machine, 'TYPE_MISMATCH', `loop over ${kindOf(start)}`);
