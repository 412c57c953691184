import { type FeelValue, isNumber, toFeel } from '../src/feel/index.ts';

/** The TCK writes numbers with a few digits; its own runners compare eight places. */
const TOLERANCE = 1e-8;

/** Whether a value is the one that a test expects. */
export function agrees(value: FeelValue, expected: FeelValue): boolean {
  if (value === null || expected === null) return value === expected;
  if (isNumber(expected)) return isNumber(value) && close(Number(value), Number(expected));
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) && value.length === expected.length && expected.every((item, at) => agrees(value[at], item))
    );
  }
  if (expected instanceof Map) {
    if (!(value instanceof Map) || value.size !== expected.size) return false;
    return [...expected].every(([name, entry]) => value.has(name) && agrees(value.get(name) ?? null, entry));
  }
  return toFeel(value) === toFeel(expected);
}

const close = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
