import type { FunctionLibrary } from '../compiled.ts';
import type { FeelErrorCode } from '../errors.ts';
import type { Fault } from '../faults.ts';
import type { Node, Place } from '../syntax/tree.ts';
import { ANY } from '../types.ts';
import type { Names } from './names.ts';
import type { Dependence, Repeated } from './repeat.ts';
import type { Typed } from './typed.ts';

/** What is known and gathered while one source is compiled. */
export interface Unit {
  readonly loose: boolean;
  readonly clock: boolean;
  readonly library: FunctionLibrary;
  readonly faults: Fault[];
  /** Facts in use: name -> slot. */
  readonly facts: Map<string, number>;
  /** Paths of the facts read; undefined where a longer path took the place. */
  readonly reads: (string | undefined)[];
  /** Nodes compiled: what a source may ask of the compiler has an end. */
  effort: number;
  /** The repeated parts around the node that is being compiled, outermost first. */
  readonly scopes: Repeated[];
  /** What the node being compiled depends on, as far as it has been compiled. */
  touched: Dependence;
  /** Slots of values that depend on no local name, by what they compute. */
  readonly shared: Map<string, number>;
  /** Slots that hold nothing at first. */
  readonly unset: number[];
  /** The text that is being compiled. */
  source: string;
  /** Slots given out. */
  slots: number;
  /** Compiles a node among the names that it can see. */
  readonly compile: (node: Node, names: Names) => Typed;
}

/** A slot of the frame for a local name. */
export const newSlot = (unit: Unit): number => unit.slots++;

/** What a node compiles to that has no value: null of any type, so that one mistake is reported once. */
export const NOTHING: Typed = Object.freeze({ type: ANY, run: () => null });

/** Reports a type error. In loose mode it is none: the value is null. */
export function refuse(unit: Unit, place: Place, code: FeelErrorCode, params: Fault['params'] = {}): Typed {
  if (!unit.loose) unit.faults.push({ code, from: place.from, params });
  return NOTHING;
}
