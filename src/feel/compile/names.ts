import { isContext } from '../operators/kinds.ts';
import { plainName } from '../syntax/names.ts';
import { ANY, type FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { touch } from './repeat.ts';
import type { Code, Typed } from './typed.ts';
import type { Unit } from './unit.ts';

/** The names that an expression sees, innermost first. */
export interface Names {
  find(name: string): Typed | undefined;
  /** All of them with their types: for hints, and for reading names with spaces in a text inside. */
  types(): Readonly<Record<string, FeelType>>;
}

export const NO_NAMES: Names = Object.freeze({ find: () => undefined, types: () => ({}) });

/** The facts that the caller declares. */
export function factNames(types: Readonly<Record<string, FeelType>>, unit: Unit): Names {
  const spelled = new Map(Object.keys(types).map((name) => [plainName(name), name]));
  return {
    find(name) {
      const key = spelled.get(name);
      return key === undefined ? undefined : readFact(key, types[key] ?? ANY, unit);
    },
    types: () => types,
  };
}

function readFact(name: string, type: FeelType, unit: Unit): Typed {
  let slot = unit.facts.get(name);
  if (slot === undefined) {
    slot = unit.slots++;
    unit.facts.set(name, slot);
  }
  return readPath(name, type, readSlot(slot), unit);
}

/** A reading of a fact, or of a part of one, that the trace notes. */
export function readPath(path: string, type: FeelType, quiet: Code, unit: Unit): Typed {
  const index = unit.reads.push(path) - 1;
  const run: Code = (frame) => {
    const value = quiet(frame);
    const trace = frame.machine.trace;
    if (trace !== undefined && !trace.reads.has(path)) trace.reads.set(path, value);
    return value;
  };
  return { type, run, fact: { path, index, quiet, noted: true } };
}

/** Code that gives what a slot holds. */
export const readSlot =
  (slot: number): Code =>
  (frame) =>
    frame.slots[slot] as FeelValue;

/** One local name in front of others. `path` says that it goes through the items of a fact. */
export function withLocal(
  outer: Names,
  unit: Unit,
  local: { name: string; type: FeelType; slot: number; path?: string },
): Names {
  const quiet = readSlot(local.slot);
  const depth = unit.scopes.length;
  return {
    find(name) {
      if (name !== local.name) return outer.find(name);
      touch(unit, depth, local.slot);
      return local.path === undefined
        ? { type: local.type, run: quiet, slot: local.slot }
        : { ...readItem(local.path, local.type, quiet, unit), slot: local.slot };
    },
    types: once(() => ({ [local.name]: local.type, ...outer.types(), [local.name]: local.type })),
  };
}

/** Makes a thing when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A reading of an item of a fact: a dependency, but no note in the trace, which would grow with every item. */
export function readItem(path: string, type: FeelType, run: Code, unit: Unit): Typed {
  return { type, run, fact: { path, index: unit.reads.push(path) - 1, quiet: run, noted: false } };
}

/**
 * The names inside a filter: `item`, and the entries of an item that is a context. In loose mode an item of unknown type may have
 * any entry: which one a name means is settled at run time, item first.
 */
export function withItem(outer: Names, unit: Unit, item: { type: FeelType; slot: number; path?: string }): Names {
  const { type, slot } = item;
  const named = withLocal(outer, unit, { ...item, name: 'item' });
  const depth = unit.scopes.length;
  const maybeEntry = (name: string): Typed | undefined => {
    const beyond = named.find(name);
    if (name === 'item') return beyond;
    touch(unit, depth, slot);
    const run: Code = (frame) => {
      const value = frame.slots[slot] as FeelValue;
      if (isContext(value) && value.has(name)) return value.get(name) ?? null;
      return beyond === undefined ? null : beyond.run(frame);
    };
    return { type: ANY, run };
  };
  if (type.kind === 'context') {
    return {
      find(name) {
        const entry = entryType(type.entries, name);
        if (entry === undefined) return unit.loose ? maybeEntry(name) : named.find(name);
        touch(unit, depth, slot);
        const run = readSlotEntry(slot, entry.name);
        if (item.path === undefined) return { type: entry.type, run };
        return readItem(`${item.path}.${entry.name}`, entry.type, run, unit);
      },
      types: once(() => ({ ...type.entries, ...named.types(), ...type.entries })),
    };
  }
  if (!unit.loose || type.kind !== 'any') return named;
  return { find: maybeEntry, types: named.types };
}

/** The declared entry that a name means, however it is spaced. */
export function entryType(
  entries: Readonly<Record<string, FeelType>>,
  name: string,
): { name: string; type: FeelType } | undefined {
  const exact = entries[name];
  if (exact !== undefined) return { name, type: exact };
  for (const [key, type] of Object.entries(entries)) if (plainName(key) === name) return { name: key, type };
  return undefined;
}

/** Code that reads an entry of what is, or may be, a context. */
export const readEntry =
  (base: Code, name: string): Code =>
  (frame) => {
    const value = base(frame);
    return isContext(value) ? (value.get(name) ?? null) : null;
  };

/** The same for a local name: what loops and filters do most. */
export const readSlotEntry =
  (slot: number, name: string): Code =>
  (frame) => {
    const value = frame.slots[slot];
    // Written out, since this is what a decision over many periods does most.
    if (!(value instanceof Map)) return null;
    const entry = value.get(name);
    return entry === undefined ? null : entry;
  };
