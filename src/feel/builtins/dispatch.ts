import { FeelFunction } from '../function.ts';
import { type Machine, nothing, spend } from '../machine.ts';
import { callChecked } from '../operators/call.ts';
import { isContext, isList } from '../operators/kinds.ts';
import { conforms } from '../type-relations.ts';
import type { FeelType } from '../types.ts';
import type { FeelValue } from '../values.ts';
import type { Overload } from './signature.ts';

type Plain = (...args: unknown[]) => FeelValue | undefined;

/**
 * Calls one overload with arguments that have its types, one for each parameter, undefined where it is left out. The size of the arguments and of the result is
 * charged, so that no function does more than the budget allows.
 */
export function invoke(overload: Overload, args: readonly (FeelValue | undefined)[], machine: Machine): FeelValue {
  const given: unknown[] = [];
  let cost = 1;
  for (let index = 0; index < args.length; index++) {
    const value = args[index];
    const parameter = overload.parameters[index];
    if (value === undefined) {
      given.push(parameter?.rest ? [] : null);
      continue;
    }
    if (value === null && parameter?.nullable === false) return null;
    cost += weight(value);
    given.push(value instanceof FeelFunction && parameter?.type.kind === 'function' ? callable(value, machine) : value);
  }
  spend(machine, cost);
  given.push(machine);
  return settled(overload.name, (overload.run as unknown as Plain)(...given), machine);
}

/** What a function gives, as a value: undefined is null with a reason. Lists and texts are charged by their length. */
export function settled(name: string, value: FeelValue | undefined, machine: Machine): FeelValue {
  if (value === undefined) return nothing(machine, 'ARGUMENT_INVALID', name);
  if (isList(value)) spend(machine, value.length);
  else if (typeof value === 'string') spend(machine, value.length >> 6);
  return value;
}

/** Steps that an argument is worth: the items of a list and of the lists in it, the entries of a context, 64 characters of a text. */
export function weight(value: FeelValue): number {
  if (typeof value === 'string') return value.length >> 6;
  if (typeof value !== 'object') return 0;
  if (!isList(value)) return isContext(value) ? value.size : 0;
  let total = value.length;
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    if (Array.isArray(item)) total += item.length;
  }
  return total;
}

const callable =
  (called: FeelFunction, machine: Machine) =>
  (...args: FeelValue[]): FeelValue =>
    callChecked(called, machine, args);

/** The arguments that a call gives, by parameter of one overload. */
export interface Candidate<Arg> {
  readonly overload: Overload;
  /** One for each parameter; undefined where it is left out, several where it takes the rest. */
  readonly args: readonly (Arg | readonly Arg[] | undefined)[];
}

/**
 * Chooses among overloads by the values (DMN 1.5, 10.3.2.9.4: a list of one and its item stand for each other where the other is
 * wanted), and calls the first that takes them.
 */
export function dispatch(name: string, candidates: readonly Candidate<FeelValue>[], machine: Machine): FeelValue {
  for (const coerced of [false, true]) {
    for (const { overload, args } of candidates) {
      const fitted = fitValues(overload, args, coerced, machine);
      if (fitted !== undefined) return invoke(overload, fitted, machine);
    }
  }
  return nothing(machine, 'ARGUMENT_INVALID', name);
}

function fitValues(
  overload: Overload,
  args: Candidate<FeelValue>['args'],
  coerced: boolean,
  machine: Machine,
): (FeelValue | undefined)[] | undefined {
  const fitted: (FeelValue | undefined)[] = [];
  for (const [index, parameter] of overload.parameters.entries()) {
    const arg = args[index];
    if (arg === undefined) {
      fitted.push(undefined);
      continue;
    }
    const { type, rest } = parameter;
    const value = rest
      ? fitEach(arg as readonly FeelValue[], type, coerced, machine)
      : fitValue(arg as FeelValue, type, coerced, machine);
    if (value === undefined) return undefined;
    fitted.push(value);
  }
  return fitted;
}

function fitEach(
  values: readonly FeelValue[],
  type: FeelType,
  coerced: boolean,
  machine: Machine,
): FeelValue[] | undefined {
  const fitted: FeelValue[] = [];
  for (const value of values) {
    const item = fitValue(value, type, coerced, machine);
    if (item === undefined) return undefined;
    fitted.push(item);
  }
  return fitted;
}

function fitValue(value: FeelValue, type: FeelType, coerced: boolean, machine: Machine): FeelValue | undefined {
  if (value === null || conforms(value, type, machine)) return value;
  if (!coerced) return undefined;
  if (isList(value) && type.kind !== 'list') {
    const [only = null] = value;
    return value.length === 1 && only !== null && conforms(only, type, machine) ? only : undefined;
  }
  return type.kind === 'list' && !isList(value) && conforms([value], type, machine) ? [value] : undefined;
}
