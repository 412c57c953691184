import { nothing, spend } from '../machine.ts';
import { isList, kindOf } from '../operators/kinds.ts';
import type { NodeOf } from '../syntax/tree.ts';
import { typeText } from '../type-text.ts';
import { ANY, listOf } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { type Names, readItem, withItem } from './names.ts';
import { enter, repeatedly } from './repeat.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { newSlot, refuse, type Unit } from './unit.ts';

/** `list[condition]` keeps the items for which it is true; `list[n]` is one item, from the end when n is negative. */
export function compileFilter(node: NodeOf<'filter'>, names: Names, unit: Unit): Typed {
  const base = unit.compile(node.base, names);
  const item = base.type.kind === 'list' ? base.type.item : base.type;
  const slot = newSlot(unit);
  const path = base.fact?.path;
  const source = base.borrow ?? base.run;
  const { made: predicate, memos } = repeatedly(unit, () =>
    unit.compile(node.predicate, withItem(names, unit, { type: item, slot, ...(path && { path }) })),
  );
  const entered: Code = (frame) => {
    enter(memos, frame);
    return source(frame);
  };
  const list = memos.length === 0 ? source : entered;
  // What is read of a filtered fact is read of its items: a dependency of its own.
  const from = (typed: Typed): Typed => (path === undefined ? typed : readItem(path, typed.type, typed.run, unit));
  switch (predicate.type.kind) {
    case 'number': {
      const { constant } = predicate;
      const run = typeof constant === 'number' ? placeCode(list, constant) : indexCode(list, predicate.run, slot);
      return from({ type: item, run });
    }
    case 'boolean':
      return from({ type: listOf(item), run: filterCode(list, predicate.run, slot) });
    case 'any':
    case 'null':
      return { type: ANY, run: eitherCode(list, predicate.run, slot) };
    default:
      return refuse(unit, node.predicate, 'FEEL_FILTER', { type: typeText(predicate.type) });
  }
}

function filterCode(base: Code, condition: Code, slot: number): Code {
  return (frame) => keep(itemsOf(base(frame)), condition, slot, frame);
}

function indexCode(base: Code, index: Code, slot: number): Code {
  return (frame) => {
    const items = itemsOf(base(frame));
    frame.slots[slot] = null;
    return itemAt(items, index(frame));
  };
}

/** A constant position: `list[1]`, `list[-1]`. */
const placeCode =
  (base: Code, place: number): Code =>
  (frame) => {
    const value = base(frame);
    if (!isList(value)) return itemAt(itemsOf(value), place);
    const at = place > 0 ? place - 1 : place < 0 ? value.length + place : -1;
    return at >= 0 && at < value.length ? (value[at] as FeelValue) : null;
  };

/** Whether it is a position or a condition shows with the first item. */
function eitherCode(base: Code, predicate: Code, slot: number): Code {
  return (frame) => {
    const items = itemsOf(base(frame));
    frame.slots[slot] = items[0] ?? null;
    const first = predicate(frame);
    if (typeof first === 'number') return itemAt(items, first);
    if (typeof first === 'boolean' || first === null) return keep(items, predicate, slot, frame);
    return nothing(frame.machine, 'TYPE_MISMATCH', `filter ${kindOf(first)}`);
  };
}

/** What is no list is a list of one (DMN 1.5, 10.3.2.5); null is one of none. */
const itemsOf = (value: FeelValue): readonly FeelValue[] => (isList(value) ? value : value === null ? [] : [value]);

function keep(items: readonly FeelValue[], condition: Code, slot: number, frame: Frame): FeelValue[] {
  const { slots, machine } = frame;
  spend(machine, items.length);
  const kept: FeelValue[] = [];
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as FeelValue;
    slots[slot] = item;
    if (condition(frame) === true) kept.push(item);
  }
  return kept;
}

function itemAt(items: readonly FeelValue[], index: FeelValue): FeelValue {
  if (typeof index !== 'number') return null;
  return items[index > 0 ? index - 1 : index < 0 ? items.length + index : items.length] ?? null;
}
