import type { FeelFunction } from '../function.ts';
import { type Machine, nothing } from '../machine.ts';
import { conforms } from '../type-relations.ts';
import type { FeelValue } from '../values.ts';

/** Calls a function with arguments that nobody has checked: those of another type make the result null. */
export function callChecked(called: FeelFunction, machine: Machine, args: readonly FeelValue[]): FeelValue {
  for (const [index, { name, type }] of called.parameters.entries()) {
    const value = args[index] ?? null;
    if (value !== null && type.kind !== 'any' && !conforms(value, type, machine)) {
      return nothing(machine, 'ARGUMENT_INVALID', name);
    }
  }
  return called.call(machine, args);
}
