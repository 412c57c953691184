import { Failure } from '../storage/index.ts';
import { ed25519 } from './ed25519.ts';
import { es256 } from './es256.ts';
import type { Suite, SuiteOperations } from './suite.ts';

/**
 * The registry of suites. A key belongs to one suite, and its suite alone says how a signature is checked: nothing in a message
 * chooses an algorithm. National suites are added here beside these two.
 */
export const suites: Readonly<Record<Suite, SuiteOperations>> = Object.freeze({ ed25519, es256 });

/** @throws Failure CRYPTO_SUITE for a name that is not in the registry */
export function getSuite(name: unknown): SuiteOperations {
  if (typeof name !== 'string' || !Object.hasOwn(suites, name)) {
    throw new Failure('CRYPTO_SUITE', { suite: String(name).slice(0, 40) });
  }
  return suites[name as Suite];
}
