import type { Agreement } from './types.ts';

/** The agreements that a node has loaded. Old versions stay as long as a case is pinned to them. */
export interface AgreementLibrary {
  /** Every name once, with its newest version. */
  all(): Agreement[];
  newest(name: string): Agreement | undefined;
  byContract(digest: string): Agreement | undefined;
}

/**
 * Makes a library of loaded agreements; of versions of one name, the last given is the newest.
 * @example agreementLibrary([pension2026, pension2027]).newest('pension') === pension2027
 */
export function agreementLibrary(agreements: readonly Agreement[]): AgreementLibrary {
  const byName = new Map(agreements.map((agreement) => [agreement.name, agreement]));
  const byDigest = new Map(agreements.map((agreement) => [agreement.contractDigest, agreement]));
  return {
    all: () => [...byName.values()],
    newest: (name) => byName.get(name),
    byContract: (digest) => byDigest.get(digest),
  };
}
