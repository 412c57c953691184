import { Decimal } from 'decimal.js';
import type { FeelNumber, FeelValue } from '../values.ts';

/**
 * Decimal128 of IEEE 754-2008, as FEEL asks for (DMN 1.5, 10.3.2.3.1): 34 digits, rounded half to even. A constructor of our own,
 * so that nobody else's settings of the library reach it.
 */
export const Decimal128 = Decimal.clone({
  precision: 34,
  rounding: Decimal.ROUND_HALF_EVEN,
  minE: -6176,
  maxE: 6144,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  defaults: true,
});

export type { Decimal };

/** A decimal in the one form of its value: a plain number where that is exact; null where it is infinite or no number. */
export function settle(value: Decimal): FeelNumber | null {
  if (value.isInteger()) {
    const plain = value.toNumber();
    return Number.isSafeInteger(plain) ? plain + 0 : value;
  }
  return value.isFinite() ? value : null;
}

/** The decimal of a number in either form. */
export const decimalOf = (value: FeelNumber): Decimal => (typeof value === 'number' ? new Decimal128(value) : value);

export const isNumber = (value: FeelValue): value is FeelNumber =>
  typeof value === 'number' || value instanceof Decimal;

const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,6})?$/;
/** Far beyond 34 digits and short enough to be read at once. */
const LONGEST_NUMBER = 1000;

/** Reads a number literal, rounded to 34 digits; null for anything else and for one out of range. */
export function parseNumber(text: string): FeelNumber | null {
  if (text.length > LONGEST_NUMBER || !NUMBER.test(text)) return null;
  return settle(new Decimal128(text).toSignificantDigits(34));
}

/** The number of a JavaScript number: its shortest decimal text is what was meant (`0.1` is a tenth). */
export function fromDouble(value: number): FeelNumber | null {
  if (Number.isSafeInteger(value)) return value + 0;
  return Number.isFinite(value) ? settle(new Decimal128(value)) : null;
}

/** Plain notation, as the specification's `string()` wants it. (The library's own takes a step for every zero.) */
export function numberText(value: FeelNumber): string {
  if (typeof value === 'number') return String(value);
  const [mantissa = '', exponent = '0'] = value.abs().toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const whole = Number(exponent) + 1;
  const sign = value.isNegative() ? '-' : '';
  if (whole <= 0) return `${sign}0.${'0'.repeat(-whole)}${digits}`;
  if (whole >= digits.length) return `${sign}${digits}${'0'.repeat(whole - digits.length)}`;
  return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
}
