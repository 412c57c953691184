import type { Node } from '../syntax/tree.ts';
import type { FeelValue } from '../values.ts';
import type { Code, Frame, Typed } from './typed.ts';
import { newSlot, type Unit } from './unit.ts';

/** A part of an expression that may run many times: the body of a loop, of a filter, of a function. */
export interface Repeated {
  /** Slots of values inside a loop that do not depend on it; they are forgotten each time the loop is entered. */
  readonly memos: number[] | undefined;
  /** Slots of values that are computed once in a frame of its own, by what they compute. */
  readonly shared: Map<string, number> | undefined;
}

/** Compiles the body of a loop or filter. Names that it binds must be made inside, so that they belong to it. */
export function repeatedly<T>(unit: Unit, compile: () => T): { made: T; memos: readonly number[] } {
  const memos: number[] = [];
  return { made: inside(unit, { memos, shared: undefined }, compile), memos };
}

/** Compiles the body of a function. `ownFrame`: each call runs in a fresh copy of the frame. */
export function perCall<T>(unit: Unit, ownFrame: boolean, compile: () => T): T {
  return inside(unit, { memos: undefined, shared: ownFrame ? new Map() : undefined }, compile);
}

function inside<T>(unit: Unit, scope: Repeated, compile: () => T): T {
  unit.scopes.push(scope);
  const made = compile();
  unit.scopes.pop();
  return made;
}

/** What a node depends on: how deep in repeated parts the innermost of its local names is bound, and the slots of all of them. */
export interface Dependence {
  depth: number;
  readonly slots: Set<number>;
}

/** Says that what is being compiled depends on a local name. */
export function touch(unit: Unit, depth: number, slot: number): void {
  if (depth > unit.touched.depth) unit.touched.depth = depth;
  unit.touched.slots.add(slot);
}

/** Forgets what was kept while a loop turned the time before. */
export function enter(memos: readonly number[], frame: Frame): void {
  for (const slot of memos) frame.slots[slot] = UNSET;
}

/** What a slot holds before its value is computed: no value of the language. */
export const UNSET = undefined as unknown as FeelValue;

/**
 * Compiles a node whose value is worth keeping. The language has no effects, so a value that depends only on names bound further out is
 * computed once for all rounds of a loop, and what is written twice is computed once:
 * `for first in distinct values(stretches(periods).from) return stretches(periods)[from = first]` finds the stretches one time.
 */
export function kept(node: Node, unit: Unit, compile: () => Typed): Typed {
  // A node without a text of its own (the boxed forms of DMN have them) is like no other.
  if (node.to <= node.from) return compile();
  const outside = unit.touched;
  const here: Dependence = { depth: 0, slots: new Set() };
  unit.touched = here;
  const typed = compile();
  unit.touched = outside;
  for (const used of here.slots) touch(unit, here.depth, used);
  if (typed.constant !== undefined || typed.borrow !== undefined) return typed;
  const slot = slotFor(node, here, unit);
  if (slot === undefined) return typed;
  const { run } = typed;
  const once: Code = (frame) => {
    const known = frame.slots[slot];
    if (known !== undefined) return known;
    const value = run(frame);
    frame.slots[slot] = value;
    return value;
  };
  return { ...typed, run: once, slot: undefined, ...(typed.fact && { fact: { ...typed.fact, quiet: once } }) };
}

/** Where the value of a node is kept; undefined where it changes with every round. */
function slotFor(node: Node, { depth, slots }: Dependence, unit: Unit): number | undefined {
  const shared = depth === 0 ? unit.shared : unit.scopes[depth - 1]?.shared;
  if (shared !== undefined) {
    const key = `${unit.source.slice(node.from, node.to)} ${[...slots].sort((a, b) => a - b).join()}`;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const slot = newSlot(unit);
    unit.unset.push(slot);
    shared.set(key, slot);
    return slot;
  }
  const memos = unit.scopes.slice(depth).find((scope) => scope.memos !== undefined)?.memos;
  if (memos === undefined) return undefined;
  const slot = newSlot(unit);
  memos.push(slot);
  return slot;
}

/** A frame's slots at the beginning: null, or nothing where a value is to be kept. */
export function freshSlots(unit: Unit): FeelValue[] {
  const slots: FeelValue[] = new Array(unit.slots).fill(null);
  for (const slot of unit.unset) slots[slot] = UNSET;
  return slots;
}
