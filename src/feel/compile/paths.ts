import { type Machine, nothing, spend } from '../machine.ts';
import { isContext, isList, kindOf } from '../operators/kinds.ts';
import { FeelRange } from '../range.ts';
import { plainName } from '../syntax/names.ts';
import type { NodeOf } from '../syntax/tree.ts';
import { component, componentNames, componentReader, componentType } from '../time/components.ts';
import { isTemporal } from '../time/literal.ts';
import { typeText } from '../type-text.ts';
import { ANY, BOOLEAN, type FeelType, listOf } from '../types.ts';
import type { FeelContext, FeelValue } from '../values.ts';
import { folded } from './fold.ts';
import { entryType, type Names, readEntry, readItem, readPath, readSlotEntry } from './names.ts';
import { suggest } from './suggest.ts';
import type { Code, Typed } from './typed.ts';
import { NOTHING, refuse, type Unit } from './unit.ts';

/** `base.name`: an entry of a context, of each context of a list, or a component of a date, time, duration or range. */
export function compilePath(node: NodeOf<'path'>, names: Names, unit: Unit): Typed {
  const base = unit.compile(node.base, names);
  const { name } = node;
  if (base === NOTHING) return NOTHING;
  const { type } = base;
  if (type.kind === 'context') {
    const entry = entryType(type.entries, name);
    return entry === undefined ? noEntry(node, base, unit) : extend(base, entry.name, entry.type, unit);
  }
  if (type.kind === 'list' && type.item.kind === 'context') {
    const entry = entryType(type.item.entries, name);
    return entry === undefined ? noEntry(node, base, unit) : extend(base, entry.name, listOf(entry.type), unit);
  }
  if (type.kind === 'null') return { type, run: () => null };
  if (type.kind === 'any' || (type.kind === 'list' && type.item.kind === 'any')) {
    const run = base.run;
    return { type: ANY, run: (frame) => partOf(run(frame), name, frame.machine) };
  }
  const partType = type.kind === 'range' ? rangePartType(type.of, name) : componentType(type.kind, name);
  if (partType === undefined) return noEntry(node, base, unit);
  const { run } = base;
  const read = componentReader(type.kind, name);
  const code: Code = (frame) => {
    const value = run(frame);
    return read?.(value) ?? partOf(value, name, frame.machine);
  };
  return folded(unit, node, partType, code, [base]);
}

function extend(base: Typed, name: string, type: FeelType, unit: Unit): Typed {
  const { fact } = base;
  const read = partReader(base, name);
  if (fact === undefined) return { type, run: read };
  unit.reads[fact.index] = undefined;
  const path = `${fact.path}.${name}`;
  return fact.noted ? readPath(path, type, read, unit) : readItem(path, type, read, unit);
}

function partReader(base: Typed, name: string): Code {
  if (base.type.kind !== 'list' && base.slot !== undefined) return readSlotEntry(base.slot, name);
  const whole = base.fact?.quiet ?? base.run;
  if (base.type.kind === 'list') return (frame) => partOf(whole(frame), name, frame.machine);
  return readEntry(whole, name);
}

function noEntry(node: NodeOf<'path'>, base: Typed, unit: Unit): Typed {
  const { run } = base;
  if (unit.loose) return { type: ANY, run: (frame) => partOf(run(frame), node.name, frame.machine) };
  const { type } = base;
  const holder = type.kind === 'list' ? type.item : type;
  const names =
    holder.kind === 'context'
      ? Object.keys(holder.entries)
      : holder.kind === 'range'
        ? Object.keys(RANGE_PARTS)
        : componentNames(holder.kind);
  return refuse(unit, node, 'FEEL_UNKNOWN_ENTRY', {
    type: typeText(type),
    name: node.name,
    hint: suggest(node.name, names),
  });
}

/** `value.name` at run time, whatever the value is. */
export function partOf(value: FeelValue, name: string, machine: Machine): FeelValue {
  if (isContext(value)) return entryOf(value, name);
  if (isList(value)) {
    spend(machine, value.length);
    const parts: FeelValue[] = [];
    for (let index = 0; index < value.length; index++) {
      const item = value[index] as FeelValue;
      parts.push(isContext(item) ? entryOf(item, name) : isList(item) ? null : partOf(item, name, machine));
    }
    return parts;
  }
  if (value === null) return null;
  const part = isTemporal(value)
    ? component(value, name)
    : value instanceof FeelRange
      ? rangePart(value, name)
      : undefined;
  return part === undefined ? nothing(machine, 'NO_SUCH_ENTRY', `${kindOf(value)}.${name}`) : part;
}

function entryOf(context: FeelContext, name: string): FeelValue {
  const exact = context.get(name);
  if (exact !== undefined) return exact;
  for (const [key, value] of context) if (plainName(key) === name) return value;
  return null;
}

const RANGE_PARTS: Readonly<Record<string, (range: FeelRange) => FeelValue>> = {
  start: (range) => range.start,
  end: (range) => range.end,
  'start included': (range) => range.startIncluded,
  'end included': (range) => range.endIncluded,
};

const rangePart = (range: FeelRange, name: string): FeelValue | undefined =>
  Object.hasOwn(RANGE_PARTS, name) ? RANGE_PARTS[name]?.(range) : undefined;

function rangePartType(of: FeelType, name: string): FeelType | undefined {
  if (!Object.hasOwn(RANGE_PARTS, name)) return undefined;
  return name === 'start' || name === 'end' ? of : BOOLEAN;
}
