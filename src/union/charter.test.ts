import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { generateKey, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import {
  anchorOf,
  type Charter,
  charterDigest,
  charterState,
  isExpired,
  usualThreshold,
  verifyCharterChain,
} from './charter.ts';
import { testUnion } from './testing.ts';

const union = testUnion();
const first = union.charter.payload;
const anchor = anchorOf(first);
const roots = Object.values(union.roots);
const refused = (code: string) => (error: unknown) => isFailure(error, code);
const sealed = (charter: Charter, keys: SigningKey[]): Sealed<Charter> => seal('charter', charter, keys);

function next(previous: Charter, changes: Partial<Charter> = {}): Charter {
  const created = '2026-06-01T00:00:00.000Z';
  return { ...previous, version: previous.version + 1, previous: charterDigest(previous), created, ...changes };
}

describe('a charter chain', () => {
  test('holds with the founding version and one that four of five signed', () => {
    const second = next(first, { expires: '2040-01-01T00:00:00.000Z' });
    const chain = verifyCharterChain([union.charter, sealed(second, roots.slice(0, 4))], anchor);
    assert.equal(chain.at(-1)?.version, 2);
    assert.equal(verifyCharterChain([union.charter, sealed(second, roots)], anchorOf(second)).length, 2);
  });

  test('is refused when one byte of the content was changed: forged', () => {
    const forged = { ...union.charter, payload: { ...first, expires: '2099-01-01T00:00:00.000Z' } };
    assert.throws(() => verifyCharterChain([forged], anchorOf(forged.payload)), refused('UNION_CHARTER_FORGED'));
  });

  test('is refused when a stranger signed it as well', () => {
    const both = sealed(first, [...roots, generateKey()]);
    assert.throws(() => verifyCharterChain([both], anchor), refused('UNION_CHARTER_FORGED'));
  });

  test('is refused when too few signed: by its own rule', () => {
    const few = sealed(first, roots.slice(0, 3));
    assert.throws(() => verifyCharterChain([few], anchor), refused('UNION_CHARTER_UNDER_SIGNED'));
  });

  test('is refused when too few of the version before signed, however many new ones did', () => {
    const fresh = ['aa', 'bb', 'cc', 'dd', 'ee'].map((state) => [state, generateKey()] as const);
    const taken = next(first, { states: fresh.map(([state, key]) => charterState(state, state, key)) });
    const coup = sealed(taken, [...fresh.map(([, key]) => key), ...roots.slice(0, 3)]);
    assert.throws(() => verifyCharterChain([union.charter, coup], anchor), refused('UNION_CHARTER_UNDER_SIGNED'));
    const agreed = sealed(taken, [...fresh.map(([, key]) => key), ...roots.slice(0, 4)]);
    assert.equal(verifyCharterChain([union.charter, agreed], anchor).length, 2);
  });

  test('counts a signer once: a signature given twice is refused', () => {
    const twice = sealed(first, roots.slice(0, 3));
    const doubled = { ...twice, signatures: [...twice.signatures, twice.signatures[2]!] };
    assert.throws(() => verifyCharterChain([doubled], anchor), refused('CRYPTO_SEALED_FORM'));
  });

  test('is refused when a version is skipped or does not name the one before', () => {
    const second = next(first);
    const third = next(second);
    const chain = [union.charter, sealed(third, roots)];
    assert.throws(() => verifyCharterChain(chain, anchor), refused('UNION_CHARTER_SKIPPED'));
    const stray = sealed({ ...second, previous: 'a'.repeat(64) }, roots);
    assert.throws(() => verifyCharterChain([union.charter, stray], anchor), refused('UNION_CHARTER_SKIPPED'));
  });

  test('is refused when it holds none of the pinned versions', () => {
    const invented = testUnion();
    assert.throws(() => verifyCharterChain([invented.charter], anchor), refused('UNION_ANCHOR_MISMATCH'));
    assert.throws(
      () => verifyCharterChain([union.charter], { ...anchor, version: 2 }),
      refused('UNION_ANCHOR_MISMATCH'),
    );
    assert.throws(() => verifyCharterChain([], anchor), refused('UNION_CHARTER_MISSING'));
  });

  test('never turns a demonstration into a real union', () => {
    const real = sealed(next(first, { demo: false }), roots);
    assert.throws(() => verifyCharterChain([union.charter, real], anchor), refused('UNION_CHARTER_FORM'));
  });
});

describe('an expired charter', () => {
  const late = '2037-01-01T00:00:00.000Z';

  test('says so and may still be renewed for the same states', () => {
    assert.equal(isExpired(first, late), true);
    assert.equal(isExpired(first, first.created), false);
    const renewed = sealed(next(first, { created: late, expires: '2047-01-01T00:00:00.000Z' }), roots);
    assert.equal(verifyCharterChain([union.charter, renewed], anchor).length, 2);
  });

  test('admits no new state', () => {
    const key = generateKey();
    const states = [...first.states, charterState('zz', 'Zedland', key)];
    const expires = '2047-01-01T00:00:00.000Z';
    const admitting = sealed(next(first, { created: late, expires, states }), [...roots, key]);
    assert.throws(() => verifyCharterChain([union.charter, admitting], anchor), refused('UNION_CHARTER_EXPIRED'));
  });
});

describe('a charter by itself', () => {
  const wrong: Record<string, Partial<Charter>> = {
    'a threshold of half': { threshold: 2 },
    'a threshold above all': { threshold: 6 },
    'a state twice': { states: [first.states[0]!, ...first.states] },
    'two states with one root': {
      states: first.states.map((state) => ({ ...state, root: first.states[0]!.root })),
    },
    'states out of order': { states: [...first.states].reverse() },
    'an end before its beginning': { expires: '2025-01-01T00:00:00.000Z' },
    'a day that does not exist': { created: '2026-02-30T00:00:00.000Z' },
    'a first version with one before it': { previous: 'a'.repeat(64) },
    'a root that is no key': {
      states: first.states.map((state) => ({ ...state, root: { ...state.root, id: 'x' } })),
    },
  };
  for (const [name, change] of Object.entries(wrong)) {
    test(`is refused with ${name}`, () => {
      const charter = { ...first, ...change };
      const code = name.includes('no key') ? 'CRYPTO_KEY' : 'UNION_CHARTER_FORM';
      assert.throws(() => verifyCharterChain([sealed(charter, roots)], anchorOf(charter)), refused(code));
    });
  }

  test('has no room for a member that nobody reads', () => {
    const charter = { ...first, note: 'x' } as Charter;
    assert.throws(() => verifyCharterChain([sealed(charter, roots)], anchorOf(charter)), refused('UNION_CHARTER_FORM'));
  });

  test('asks for more than two thirds of any number of states', () => {
    assert.equal(usualThreshold(5), 4);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (n) => {
        const threshold = usualThreshold(n);
        assert.ok(threshold > (2 * n) / 3 && threshold <= n);
      }),
    );
  });
});
