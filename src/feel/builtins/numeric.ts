import { compareNumbers, divide, minus, multiply, subtract, wholeNumber } from '../number/arithmetic.ts';
import { Decimal128, decimalOf, settle } from '../number/decimal.ts';
import { type DaysTimeDuration, negate, YearsMonthsDuration } from '../time/duration.ts';
import type { FeelNumber } from '../values.ts';
import { family } from './signature.ts';

const { ROUND_CEIL, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP } = Decimal128;

type Rounding =
  | typeof ROUND_CEIL
  | typeof ROUND_DOWN
  | typeof ROUND_FLOOR
  | typeof ROUND_HALF_DOWN
  | typeof ROUND_HALF_EVEN
  | typeof ROUND_HALF_UP
  | typeof ROUND_UP;

const rounding =
  (mode: Rounding) =>
  (n: FeelNumber, scale: FeelNumber | null): FeelNumber | undefined =>
    roundTo(n, scale ?? 0, mode);

/** Functions of numbers (DMN 1.5, table 75). */
export const numeric = family({
  'decimal(n: number, scale: number): number': rounding(ROUND_HALF_EVEN),
  'floor(n: number, scale?: number): number': rounding(ROUND_FLOOR),
  'ceiling(n: number, scale?: number): number': rounding(ROUND_CEIL),
  'round up(n: number, scale: number): number': rounding(ROUND_UP),
  'round down(n: number, scale: number): number': rounding(ROUND_DOWN),
  'round half up(n: number, scale: number): number': rounding(ROUND_HALF_UP),
  'round half down(n: number, scale: number): number': rounding(ROUND_HALF_DOWN),
  'abs(n: number): number': (n: FeelNumber) => (compareNumbers(n, 0) < 0 ? minus(n) : n),
  'abs(n: days and time duration): days and time duration': (n: DaysTimeDuration) => (n.negative ? negate(n) : n),
  'abs(n: years and months duration): years and months duration': (n: YearsMonthsDuration) =>
    new YearsMonthsDuration(Math.abs(n.months)),
  'modulo(dividend: number, divisor: number): number': modulo,
  'sqrt(number: number): number': (number: FeelNumber) => settle(Decimal128.sqrt(decimalOf(number))) ?? undefined,
  'log(number: number): number': (number: FeelNumber) => settle(Decimal128.ln(decimalOf(number))) ?? undefined,
  'exp(number: number): number': (number: FeelNumber) => settle(Decimal128.exp(decimalOf(number))) ?? undefined,
  'odd(number: number): boolean': (number: FeelNumber) => parity(number, 1),
  'even(number: number): boolean': (number: FeelNumber) => parity(number, 0),
});

/** Scales that decimal128 has (DMN 1.5, table 75). */
const LEAST_SCALE = -6111;
const GREATEST_SCALE = 6176;

function roundTo(n: FeelNumber, places: FeelNumber, mode: Rounding): FeelNumber | undefined {
  const scale = wholeNumber(places);
  if (scale < LEAST_SCALE || scale > GREATEST_SCALE) return undefined;
  if (typeof n === 'number' && scale >= 0) return n;
  const number = decimalOf(n);
  if (scale >= 0) return settle(number.toDecimalPlaces(scale, mode)) ?? undefined;
  const unit = Decimal128.pow(10, -scale);
  return settle(Decimal128.div(number, unit).toDecimalPlaces(0, mode).times(unit)) ?? undefined;
}

/** `dividend - divisor * floor(dividend / divisor)`: has the sign of the divisor. */
function modulo(dividend: FeelNumber, divisor: FeelNumber): FeelNumber | undefined {
  if (divisor === 0) return undefined;
  if (typeof dividend === 'number' && typeof divisor === 'number') {
    const rest = dividend % divisor;
    return (rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest) + 0;
  }
  const quotient = divide(dividend, divisor);
  const whole = quotient === null ? undefined : roundTo(quotient, 0, ROUND_FLOOR);
  const part = whole === undefined ? null : multiply(divisor, whole);
  return part === null ? undefined : (subtract(dividend, part) ?? undefined);
}

function parity(number: FeelNumber, rest: number): boolean | undefined {
  const number128 = decimalOf(number);
  return number128.isInteger() ? Math.abs(number128.modulo(2).toNumber()) === rest : undefined;
}
