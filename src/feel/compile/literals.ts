import { type Machine, nothing, spend } from '../machine.ts';
import { orderOf } from '../operators/order.ts';
import { FeelRange } from '../range.ts';
import { plainName } from '../syntax/names.ts';
import type { NodeOf } from '../syntax/tree.ts';
import { parseTemporal } from '../time/literal.ts';
import { comparable, join, joinAll, ordered, typeOf } from '../type-relations.ts';
import { typeText } from '../type-text.ts';
import { contextOf, type FeelType, listOf, oneOf, rangeOf, STRING } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { constant, folded } from './fold.ts';
import { type Names, withLocal } from './names.ts';
import type { Code, Typed } from './typed.ts';
import { newSlot, refuse, type Unit } from './unit.ts';

/** A text literal has the type of its one value, so that enumerations can be checked. Loose mode has no enumerations. */
export const compileString = (node: NodeOf<'string'>, unit: Unit): Typed =>
  constant(unit.loose ? STRING : oneOf(node.value), node.value);

export function compileAt(node: NodeOf<'at'>, unit: Unit): Typed {
  const value = parseTemporal(node.text);
  if (value === null) return refuse(unit, node, 'FEEL_LITERAL', { text: JSON.stringify(node.text) });
  return constant(typeOf(value), value);
}

export function compileList(node: NodeOf<'list'>, names: Names, unit: Unit): Typed {
  const items = node.items.map((item) => unit.compile(item, names));
  const codes = items.map((item) => item.run);
  const run: Code = (frame) => {
    spend(frame.machine, codes.length);
    const list: FeelValue[] = [];
    for (const code of codes) list.push(code(frame));
    return list;
  };
  return folded(unit, node, listOf(joinAll(items.map((item) => item.type))), run, items);
}

/** An entry sees the entries before it. */
export function compileContext(node: NodeOf<'context'>, names: Names, unit: Unit): Typed {
  const types: Record<string, FeelType> = Object.create(null);
  const taken = new Set<string>();
  const entries: { name: string; slot: number; run: Code }[] = [];
  let visible = names;
  for (const entry of node.entries) {
    const plain = plainName(entry.name);
    if (taken.has(plain)) {
      // In loose mode the whole context is null, as the specification has it.
      const refused = refuse(unit, entry, 'FEEL_DUPLICATE', { name: entry.name });
      if (unit.loose) return refused;
    }
    taken.add(plain);
    const value = unit.compile(entry.value, visible);
    const slot = newSlot(unit);
    types[entry.name] = value.type;
    entries.push({ name: entry.name, slot, run: value.run });
    visible = withLocal(visible, unit, { name: plain, type: value.type, slot });
  }
  const run: Code = (frame) => {
    spend(frame.machine, entries.length);
    const context = new Map<string, FeelValue>();
    for (let index = 0; index < entries.length; index++) {
      const { name, slot, run } = entries[index] as (typeof entries)[number];
      const value = run(frame);
      frame.slots[slot] = value;
      context.set(name, value);
    }
    return context;
  };
  return { type: contextOf(types), run };
}

export function compileRange(node: NodeOf<'range'>, names: Names, unit: Unit): Typed {
  const start = unit.compile(node.start, names);
  const end = unit.compile(node.end, names);
  const type = join(start.type, end.type);
  const { startIncluded, endIncluded } = node;
  if (!comparable(start.type, end.type) || ordered(type) === 'no') {
    return refuse(unit, node, 'FEEL_RANGE', { left: typeText(start.type), right: typeText(end.type) });
  }
  const run: Code = (frame) => makeRange(start.run(frame), startIncluded, end.run(frame), endIncluded, frame.machine);
  return folded(unit, node, rangeOf(widened(type)), run, [start, end]);
}

/** A range, or null where an end is null, where the ends are of different kinds or the wrong way round. */
function makeRange(
  start: FeelValue,
  startIncluded: boolean,
  end: FeelValue,
  endIncluded: boolean,
  machine: Machine,
): FeelRange | null {
  const order = orderOf(start, end);
  if (order === null) return null;
  if (order > 0) return nothing(machine, 'ARGUMENT_INVALID', 'a range');
  return new FeelRange(start, startIncluded, end, endIncluded);
}

/** A range between two literals holds other texts as well. */
export const widened = (type: FeelType): FeelType => (type.kind === 'string' ? { kind: 'string' } : type);
