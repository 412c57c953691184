import { concat, equal } from './bytes.ts';
import type { ProofCrypto } from './proof-crypto.ts';

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** The hash of a leaf: SHA-256(0x00 || data) (RFC 9162 section 2.1.1). */
export function hashLeaf(crypto: ProofCrypto, data: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return crypto.sha256(concat(Uint8Array.of(LEAF_PREFIX), data));
}

/** The hash of an inner node: SHA-256(0x01 || left || right), both of 32 bytes. */
export function hashNode(crypto: ProofCrypto, left: Uint8Array, right: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const bytes = new Uint8Array(65);
  bytes[0] = NODE_PREFIX;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return crypto.sha256(bytes);
}

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/**
 * Whether `path` proves that the leaf of hash `leaf` stands at `index` in the tree of `size` leaves with that root
 * (RFC 9162 section 2.1.3.2). `index` and `size` are safe integers, hashes have 32 bytes.
 */
export async function holdsInclusion(
  crypto: ProofCrypto,
  input: { index: number; size: number; leaf: Uint8Array; path: Uint8Array[]; root: Uint8Array },
): Promise<boolean> {
  if (!(Number.isSafeInteger(input.index) && input.index >= 0 && input.index < input.size)) return false;
  let fn = input.index;
  let sn = input.size - 1;
  let hash = input.leaf;
  for (const step of input.path) {
    if (sn === 0 || step.length !== 32) return false;
    if (isOdd(fn) || fn === sn) {
      hash = await hashNode(crypto, step, hash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = await hashNode(crypto, hash, step);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(hash, input.root);
}

/**
 * Whether `path` proves that the tree of `second` leaves begins with the tree of `first` leaves (RFC 9162 section 2.1.4.2).
 * Every tree begins with the empty one, and with itself: then the path is empty.
 */
export async function holdsConsistency(
  crypto: ProofCrypto,
  input: { first: number; second: number; firstRoot: Uint8Array; secondRoot: Uint8Array; path: Uint8Array[] },
): Promise<boolean> {
  const { first, second, firstRoot, secondRoot, path } = input;
  if (!(Number.isSafeInteger(first) && Number.isSafeInteger(second) && 0 <= first && first <= second)) return false;
  if (path.some((hash) => hash.length !== 32)) return false;
  if (first === 0) return path.length === 0 && equal(firstRoot, await crypto.sha256(new Uint8Array()));
  if (first === second) return path.length === 0 && equal(firstRoot, secondRoot);
  let fn = first - 1;
  let sn = second - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  // Where the first tree is a complete one, its root is the first node of the path and is left out of it.
  const [start, ...rest] = fn === 0 ? [firstRoot, ...path] : path;
  if (start === undefined) return false;
  let old = start;
  let grown = start;
  for (const step of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      old = await hashNode(crypto, step, old);
      grown = await hashNode(crypto, step, grown);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      grown = await hashNode(crypto, grown, step);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(old, firstRoot) && equal(grown, secondRoot);
}
