import type { Machine } from '../machine.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';

/** Where a running expression keeps what its names stand for. A function call runs in a frame of its own. */
export interface Frame {
  readonly slots: FeelValue[];
  readonly machine: Machine;
}

/** A compiled piece: gives its value in a frame. */
export type Code = (frame: Frame) => FeelValue;

/** A node that has passed the checks. */
export interface Typed {
  readonly type: FeelType;
  readonly run: Code;
  /** Its value, where that does not depend on any fact. */
  readonly constant?: FeelValue;
  /** The slot that it reads, when it is a local name and nothing more. */
  readonly slot?: number;
  /** Reads a list that is still growing, for those who look at it now and do not keep it. */
  readonly borrow?: Code;
  /** Where among the facts it is read, when it is a fact or a part of one. */
  readonly fact?: FactRead;
}

/** A reading of a fact. Reading a part of it replaces the reading of the whole, in the dependencies and in the trace. */
export interface FactRead {
  readonly path: string;
  /** Its place in the unit's list of readings. */
  readonly index: number;
  /** Reads without a note in the trace. */
  readonly quiet: Code;
  /** Whether the trace notes it: a fact itself, not the items of a list. */
  readonly noted: boolean;
}
