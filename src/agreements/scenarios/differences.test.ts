import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { differenceLines, differencesOf } from './differences.ts';

describe('the difference of two values', () => {
  it('goes down to the place that differs', () => {
    assert.deepEqual(differencesOf('d', { a: [1, 2], b: 1 }, { a: [1, 3], b: 1 }), [
      { path: 'd.a[2]', expected: 2, actual: 3 },
    ]);
    assert.deepEqual(differencesOf('d', { a: 1 }, {}), [{ path: 'd.a', expected: 1, actual: undefined }]);
    assert.deepEqual(differencesOf('d', [1], [1, 2]), [{ path: 'd[2]', expected: undefined, actual: 2 }]);
    assert.deepEqual(differencesOf('d', { a: null }, { a: {} }), [{ path: 'd.a', expected: null, actual: {} }]);
  });

  it('passes over what a part does not name, but only at the top', () => {
    assert.deepEqual(differencesOf('d', { a: 1 }, { a: 1, b: 2 }, false), []);
    assert.deepEqual(differencesOf('d', { a: { c: 1 } }, { a: { c: 1, e: 2 } }, false), [
      { path: 'd.a.e', expected: undefined, actual: 2 },
    ]);
  });

  it('is nothing for a value and itself, and something for two that are not the same', () => {
    // As files give it: minus zero is zero there.
    const value = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text.replace(/-0\b(?![.\d])/g, '0')));
    fc.assert(
      fc.property(value, value, (one, other) => {
        assert.deepEqual(differencesOf('d', one, structuredClone(one)), []);
        const same = differencesOf('d', one, other).length === 0;
        assert.equal(same, differencesOf('d', other, one).length === 0);
      }),
    );
  });

  it('is told in lines with the step behind it', () => {
    const [difference] = differencesOf('decisions.kz.months', 12, 11);
    assert.ok(difference);
    assert.deepEqual(differenceLines({ ...difference, because: 'rule monthsHere, article a' }), [
      'decisions.kz.months',
      '  expected 12',
      '  actual   11',
      '  by       rule monthsHere, article a',
    ]);
  });
});
