import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sha256 } from '../../crypto/index.ts';
import { ANSWER_NODE, BATCH_NODE, holdsPath, pathOf, prefixedHash, rootOf } from './tree.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => sha256(`leaf ${index}`));

describe('the tree of a batch', () => {
  test('proves every leaf of every size up to 33, and no leaf in another place', () => {
    for (let count = 1; count <= 33; count++) {
      const leaves = leavesOf(count);
      const root = rootOf(leaves, BATCH_NODE);
      for (let position = 0; position < count; position++) {
        const leaf = leaves[position] as Buffer;
        const path = pathOf(leaves, position, BATCH_NODE);
        assert.ok(holdsPath({ leaf, position, count, path, root }, BATCH_NODE));
        assert.ok(!holdsPath({ leaf, position: position + 1, count, path, root }, BATCH_NODE));
        assert.ok(!holdsPath({ leaf: sha256('other'), position, count, path, root }, BATCH_NODE));
      }
    }
  });

  test('has the shape of RFC 9162 with nodes of its own kind', () => {
    const [a, b, c] = leavesOf(3) as [Buffer, Buffer, Buffer];
    const expected = prefixedHash(0x11, prefixedHash(0x11, a, b), c);
    assert.deepEqual(rootOf([a, b, c], BATCH_NODE), expected);
    assert.notDeepEqual(rootOf([a, b, c], ANSWER_NODE), expected);
    assert.deepEqual(rootOf([a], BATCH_NODE), a);
  });

  test('refuses a path that is longer, shorter, or has a hash of another length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), (count, seed) => {
        const leaves = leavesOf(count);
        const position = seed % count;
        const root = rootOf(leaves, BATCH_NODE);
        const path = pathOf(leaves, position, BATCH_NODE);
        const proof = { leaf: leaves[position] as Buffer, position, count, root };
        assert.ok(holdsPath({ ...proof, path }, BATCH_NODE));
        assert.ok(!holdsPath({ ...proof, path: path.slice(1) }, BATCH_NODE));
        assert.ok(!holdsPath({ ...proof, path: [...path, sha256('x')] }, BATCH_NODE));
        assert.ok(!holdsPath({ ...proof, path: [Buffer.alloc(31), ...path.slice(1)] }, BATCH_NODE));
        assert.ok(!holdsPath({ ...proof, path, position: -1 }, BATCH_NODE));
      }),
      { numRuns: 60 },
    );
  });

  test('cannot pass an inner node off as a leaf: the counts do not fit', () => {
    const leaves = leavesOf(4);
    const root = rootOf(leaves, BATCH_NODE);
    const node = rootOf(leaves.slice(0, 2), BATCH_NODE);
    const sibling = rootOf(leaves.slice(2), BATCH_NODE);
    assert.ok(!holdsPath({ leaf: node, position: 0, count: 4, path: [sibling], root }, BATCH_NODE));
  });
});
