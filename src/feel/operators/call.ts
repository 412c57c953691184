import type { FeelFunction } from '../function.ts';
import { type Machine, nothing } from '../machine.ts';
import { conforms } from '../type-relations.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { isList } from './kinds.ts';

/**
 * Calls a function with arguments that nobody has checked: a list of one stands for its item where that is wanted (DMN 1.5,
 * 10.3.2.9.4), another type makes the result null.
 */
export function callChecked(called: FeelFunction, machine: Machine, args: readonly FeelValue[]): FeelValue {
  const fitted: FeelValue[] = [];
  for (const [index, value] of args.entries()) {
    const type = called.parameters[index]?.type;
    const found = type === undefined || value === null ? value : fitValue(value, type, machine);
    if (found === undefined) return nothing(machine, 'ARGUMENT_INVALID', called.parameters[index]?.name ?? '');
    fitted.push(found);
  }
  return called.call(machine, fitted);
}

function fitValue(value: FeelValue, type: FeelType, machine: Machine): FeelValue | undefined {
  if (type.kind === 'any' || conforms(value, type, machine)) return value;
  if (!isList(value) || value.length !== 1 || type.kind === 'list') return undefined;
  const [only = null] = value;
  return only !== null && conforms(only, type, machine) ? only : undefined;
}
