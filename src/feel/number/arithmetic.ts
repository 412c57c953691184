import type { FeelNumber } from '../values.ts';
import { Decimal128, decimalOf, settle } from './decimal.ts';

/**
 * The four operations, powers and order of numbers. Whole numbers that fit stay plain numbers: a sum or product that is again a safe
 * integer is exact. Everything else goes through decimals. Null out of range, and for division by zero.
 */
export function add(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return settle(Decimal128.add(decimalOf(a), decimalOf(b)));
}

export function subtract(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return settle(Decimal128.sub(decimalOf(a), decimalOf(b)));
}

export function multiply(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return settle(Decimal128.mul(decimalOf(a), decimalOf(b)));
}

export function divide(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number' && a % b === 0) return a / b + 0;
  return settle(Decimal128.div(decimalOf(a), decimalOf(b)));
}

/** `base ** exponent`; null where the result is no real number or out of range. */
export function power(base: FeelNumber, exponent: FeelNumber): FeelNumber | null {
  if (exponent === 0) return 1;
  if (base === 0 && decimalOf(exponent).isNegative()) return null;
  return settle(Decimal128.pow(decimalOf(base), decimalOf(exponent)));
}

export const minus = (a: FeelNumber): FeelNumber => (typeof a === 'number' ? 0 - a : a.negated());

/** Below zero, zero, above zero, as a sort wants it. */
export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return decimalOf(a).comparedTo(decimalOf(b));
}

/** Two numbers are equal when they have the same form and value. */
export function equalNumbers(a: FeelNumber, b: FeelNumber): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && a.equals(b));
}

/** A position, count or scale: fractions are dropped. */
export const wholeNumber = (value: FeelNumber): number =>
  typeof value === 'number' ? value : value.truncated().toNumber();
