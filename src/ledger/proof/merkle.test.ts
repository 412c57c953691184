import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../../crypto/index.ts';
import { nodeProofCrypto as crypto } from '../node-proof-crypto.ts';
import { blocksOf, consistencyRanges, inclusionRanges, type Range } from '../tree/blocks.ts';
import { bodiesOf, hashesIn } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { leafHash, nodeHash, rootOfRange, rootOfTree } from '../tree/hash.ts';
import { hashLeaf, holdsConsistency, holdsInclusion } from './merkle.ts';

const LARGEST = 300;
const entries = Array.from({ length: LARGEST }, (_, index) => sha256(`leaf ${index}`));
const leaves = entries.map(leafHash);
const tiles = hashesIn(bodiesOf(growTiles(0, new Map(), entries)));

/** The definition of RFC 9162 section 2.1.1, word by word: an oracle that shares nothing with the tiles. */
const memory = new Map<string, Buffer>();
function treeHash(start: number, end: number): Buffer {
  const name = `${start}-${end}`;
  const known = memory.get(name);
  if (known) return known;
  let made: Buffer;
  if (end === start) made = sha256('');
  else if (end - start === 1) made = leaves[start] as Buffer;
  else {
    let k = 1;
    while (k * 2 < end - start) k *= 2;
    made = nodeHash(treeHash(start, start + k), treeHash(start + k, end));
  }
  memory.set(name, made);
  return made;
}

/** Roots as the ledger computes them from tiles, each range once, and equal to the definition's. */
const ranges = new Map<string, Buffer>();
const rootsOf = (wanted: Range[]): Buffer[] =>
  wanted.map((range) => {
    const name = `${range.start}-${range.end}`;
    const root = ranges.get(name) ?? rootOfRange(range, tiles);
    if (!ranges.has(name)) assert.deepEqual(root, treeHash(range.start, range.end), name);
    ranges.set(name, root);
    return root;
  });
const flipped = (hash: Uint8Array): Buffer => {
  const copy = Buffer.from(hash);
  copy[7] = (copy[7] as number) ^ 1;
  return copy;
};

test('hashes have the values that RFC 6962 implementations publish', async () => {
  // The empty tree, the empty leaf, and the known tree of eight leaves (certificate-transparency reference test data).
  assert.equal(treeHash(0, 0).toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const empty = Buffer.from(await hashLeaf(crypto, Buffer.alloc(0)));
  assert.equal(empty.toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const hashes = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));
  const fold = (from: number, to: number): Buffer => {
    if (to - from === 1) return hashes[from] as Buffer;
    let k = 1;
    while (k * 2 < to - from) k *= 2;
    return nodeHash(fold(from, from + k), fold(from + k, to));
  };
  const known: Record<number, string> = {
    2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    4: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    5: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    6: '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    7: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  };
  for (const [size, root] of Object.entries(known)) assert.equal(fold(0, Number(size)).toString('hex'), root, size);
});

test('the tree over tiles has the root of the definition, at every size up to 300', () => {
  for (let size = 0; size <= LARGEST; size++)
    assert.deepEqual(rootOfTree(size, tiles), treeHash(0, size), String(size));
});

test('growing in any steps gives the tiles of growing at once', () => {
  for (const step of [1, 7, 255, 256, 257]) {
    let bodies = new Map<string, Buffer>();
    for (let size = 0; size < LARGEST; size += step) {
      const changed = growTiles(size, bodies, entries.slice(size, size + step));
      bodies = new Map([...bodies, ...bodiesOf(changed)]);
    }
    assert.deepEqual(rootOfTree(LARGEST, hashesIn(bodies)), treeHash(0, LARGEST));
  }
  assert.throws(() => growTiles(3, new Map(), entries.slice(3, 4)), RangeError);
});

test('a tree of 70,000 leaves has the tiles that tlog-tiles counts', () => {
  const many = Array.from({ length: 70_000 }, () => entries[0] as Buffer);
  const made = growTiles(0, new Map(), many);
  const widths = (level: number) => made.filter((tile) => tile.level === level).map(({ body }) => body.length / 32);
  assert.equal(widths(0).length, 274);
  assert.equal(widths(0).at(-1), 112);
  assert.deepEqual(widths(1), [256, 17]);
  assert.deepEqual(widths(2), [1]);
  const hashes = hashesIn(bodiesOf(made));
  assert.ok(rootOfTree(70_000, hashes).length === 32);
});

test('every inclusion proof up to 300 leaves holds, and for no other leaf, index, size, root or path', async () => {
  for (let size = 1; size <= LARGEST; size++) {
    const root = treeHash(0, size);
    for (let index = 0; index < size; index++) {
      const path = rootsOf(inclusionRanges(index, size));
      const leaf = leaves[index] as Buffer;
      const good = { index, size, leaf, path, root };
      assert.ok(await holdsInclusion(crypto, good), `${index} of ${size}`);
      // Every leaf with one wrong thing, all wrong things in turn; at each power of two and around it, all at once.
      const near = [1, 2, 3, 7, 8, 9, 255, 256, 257, 300].includes(size);
      const wrongs = [
        () => ({ ...good, leaf: flipped(leaf) }),
        () => ({ ...good, root: flipped(root) }),
        () => ({ ...good, path: [...path, root] }),
        () => ({ ...good, path: path.slice(0, -1), ...(path.length === 0 ? { leaf: root, root: leaf, size: 2 } : {}) }),
        () => ({ ...good, path: path.slice(1), ...(path.length === 0 ? { index: 1 } : {}) }),
        () => ({
          ...good,
          path: path.map((hash, at) => (at === index % path.length ? flipped(hash) : hash)),
          ...(path.length === 0 ? { index: -1 } : {}),
        }),
        () => ({
          ...good,
          path: path.map((hash) => hash.subarray(0, 31)),
          ...(path.length === 0 ? { index: 0.5 } : {}),
        }),
        () => ({ ...good, index: index === 0 ? size : index - 1 }),
        () => ({ ...good, index: index + 1 }),
        () => ({ ...good, index: index + size }),
      ];
      for (const [number, wrong] of wrongs.entries()) {
        if (!near && number !== index % wrongs.length) continue;
        const value = wrong();
        assert.ok(!(await holdsInclusion(crypto, value)), `${index} of ${size}, wrong thing ${number}`);
      }
    }
  }
});

test('every consistency proof up to 300 leaves holds, and for no other roots, sizes or path', async () => {
  for (let second = 0; second <= LARGEST; second++) {
    const secondRoot = treeHash(0, second);
    for (let first = 0; first <= second; first++) {
      const firstRoot = treeHash(0, first);
      const path = rootsOf(consistencyRanges(first, second));
      const good = { first, second, firstRoot, secondRoot, path };
      assert.ok(await holdsConsistency(crypto, good), `${first} to ${second}`);
      const at = first % Math.max(path.length, 1);
      const wrongs = [
        () => ({ ...good, firstRoot: flipped(firstRoot) }),
        // Every tree follows from the empty one: then the later root says nothing.
        () => ({ ...good, ...(first === 0 ? { path: [firstRoot] } : { secondRoot: flipped(secondRoot) }) }),
        () => ({ ...good, path: [...path, secondRoot] }),
        () => ({ ...good, ...(path.length === 0 ? { first: second + 1 } : { path: path.slice(0, -1) }) }),
        () => ({ ...good, ...(path.length === 0 ? { first: -1 } : { path: path.slice(1) }) }),
        () => ({
          ...good,
          path: path.length === 0 ? [secondRoot] : path.map((hash, n) => (n === at ? flipped(hash) : hash)),
        }),
        () => ({ ...good, first: first + 1 }),
        () => ({ ...good, ...(first > 1 && first < second ? { first: first - 1 } : { first: first + 0.5 }) }),
      ];
      const number = (first + second) % wrongs.length;
      const near = [1, 2, 3, 7, 8, 9, 255, 256, 257, 300].includes(second);
      for (const [other, wrong] of wrongs.entries()) {
        if (!near && other !== number) continue;
        assert.ok(!(await holdsConsistency(crypto, wrong())), `${first} to ${second}, wrong thing ${other}`);
      }
    }
  }
});

test('the complete subtrees of a range fill it without gap or overlap, each in one tile', () => {
  for (const size of [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 2 ** 40 + 2 ** 33 + 5]) {
    let at = 0;
    for (const { height, index } of blocksOf({ start: 0, end: size })) {
      assert.equal(index * 2 ** height, at);
      at += 2 ** height;
    }
    assert.equal(at, size);
  }
});
