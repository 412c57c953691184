import type { Machine } from '../machine.ts';
import { spend } from '../machine.ts';
import { FeelRange } from '../range.ts';
import type { FeelValue } from '../values.ts';
import { equalValues } from './equality.ts';
import { isList } from './kinds.ts';
import { orderOf } from './order.ts';

/** Whether a range has a value between its ends; null where the value cannot be compared with them. */
export function rangeHas(range: FeelRange, value: FeelValue): boolean | null {
  if (value === null || (range.start === null && range.end === null)) return null;
  if (range.start !== null) {
    const order = orderOf(value, range.start);
    if (order === null) return null;
    if (order < 0 || (order === 0 && !range.startIncluded)) return false;
  }
  if (range.end !== null) {
    const order = orderOf(value, range.end);
    if (order === null) return null;
    if (order > 0 || (order === 0 && !range.endIncluded)) return false;
  }
  return true;
}

/**
 * `value in test` where the kind of the test shows only at run time: a range has it, a list holds it or something that has it,
 * anything else equals it.
 */
export function passes(value: FeelValue, test: FeelValue, machine: Machine): boolean | null {
  if (test instanceof FeelRange)
    return value instanceof FeelRange ? equalValues(value, test, machine) : rangeHas(test, value);
  if (!isList(test)) return equalValues(value, test, machine);
  if (isList(value) && equalValues(value, test, machine) === true) return true;
  spend(machine, test.length);
  return either(test, (item) =>
    item instanceof FeelRange && !(value instanceof FeelRange)
      ? rangeHas(item, value)
      : (equalValues(value, item, machine) ?? false),
  );
}

/** True when one is, else null when one is, else false. */
export function either<T>(items: readonly T[], decide: (item: T) => boolean | null): boolean | null {
  let result: boolean | null = false;
  for (const item of items) {
    const decided = decide(item);
    if (decided === true) return true;
    if (decided === null) result = null;
  }
  return result;
}
