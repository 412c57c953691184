import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { FeelNumber } from '../values.ts';
import { add, compareNumbers, divide, equalNumbers, multiply, subtract } from './arithmetic.ts';
import { Decimal128, decimalOf, numberText, parseNumber, settle } from './decimal.ts';

/** Numbers of at most 12 digits with up to 6 places: their sums and products are exact in 34 digits. */
const exact = fc
  .tuple(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, places]) => settle(new Decimal128(digits).div(10 ** places)) ?? 0);
const whole = fc.maxSafeInteger();

const same = (a: FeelNumber | null, b: FeelNumber | null): void =>
  assert(a !== null && b !== null && equalNumbers(a, b), `${a} is not ${b}`);

const law = <T>(name: string, property: fc.IRawProperty<T>): void => {
  test(name, () => fc.assert(property));
};

describe('numbers of the rule language', () => {
  law(
    'a + b = b + a',
    fc.property(exact, exact, (a, b) => same(add(a, b), add(b, a))),
  );
  law(
    '(a + b) + c = a + (b + c)',
    fc.property(exact, exact, exact, (a, b, c) => same(add(add(a, b) ?? 0, c), add(a, add(b, c) ?? 0))),
  );
  law(
    '(a + b) - b = a',
    fc.property(exact, exact, (a, b) => same(subtract(add(a, b) ?? 0, b), a)),
  );
  law(
    'a * (b + c) = a * b + a * c',
    fc.property(exact, fc.nat(99_999), fc.nat(99_999), (a, b, c) =>
      same(multiply(a, add(b, c) ?? 0), add(multiply(a, b) ?? 0, multiply(a, c) ?? 0)),
    ),
  );
  law(
    '(a * b) / b = a',
    fc.property(exact, fc.integer({ min: 1, max: 1_000_000 }), (a, b) => same(divide(multiply(a, b) ?? 0, b), a)),
  );
  law(
    'the short way of whole numbers gives what decimals give',
    fc.property(whole, whole, (a, b) => {
      same(add(a, b), settle(Decimal128.add(a, b)));
      same(subtract(a, b), settle(Decimal128.sub(a, b)));
      same(multiply(a, b), settle(Decimal128.mul(a, b)));
      if (b !== 0) same(divide(a, b), settle(Decimal128.div(a, b)));
      assert.equal(Math.sign(compareNumbers(a, b)), new Decimal128(a).comparedTo(b));
    }),
  );
  law(
    'a number has one form: plain exactly when it is whole and held exactly',
    fc.property(exact, exact, (a, b) => {
      for (const value of [add(a, b), multiply(a, b), subtract(a, a)]) {
        assert(value !== null);
        const plain = decimalOf(value).isInteger() && Number.isSafeInteger(decimalOf(value).toNumber());
        assert.equal(typeof value === 'number', plain);
        assert(!Object.is(value, -0));
      }
    }),
  );
  law(
    'its text is that of the library',
    fc.property(exact, fc.integer({ min: -40, max: 40 }), (a, places) => {
      const value = multiply(a, settle(Decimal128.pow(10, places)) ?? 0) ?? 0;
      assert.equal(numberText(value), decimalOf(value).toFixed());
    }),
  );
  law(
    'its text reads as itself',
    fc.property(exact, (a) => same(parseNumber(numberText(a)), a)),
  );

  test('34 digits, half to even', () => {
    const nines = '9'.repeat(33);
    assert.equal(
      numberText(add(parseNumber(`1${'0'.repeat(33)}`) ?? 0, parseNumber('0.5') ?? 0) ?? 0),
      `1${'0'.repeat(33)}`,
    );
    assert.equal(numberText(add(parseNumber(`${nines}1`) ?? 0, parseNumber('0.5') ?? 0) ?? 0), `${nines}2`);
    assert.equal(numberText(divide(1, 3) ?? 0), `0.${'3'.repeat(34)}`);
  });

  test('out of range there is no number, never infinity', () => {
    const largest = parseNumber('9e6144') ?? 0;
    assert.equal(multiply(largest, 10), null);
    assert.equal(divide(1, 0), null);
    assert.equal(parseNumber('1e7000'), null);
    assert.equal(parseNumber('1'.repeat(2000)), null);
  });
});
