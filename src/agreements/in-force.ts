import type { PlainDate } from '../storage/index.ts';
import type { TrustView } from '../union/index.ts';

/** What tells one contract of an agreement from the others, without opening it. */
export interface ContractVersion {
  contract: string;
  /** As `agreement.yaml` says: `1.2.0`. It is ratified with the rest, so every node puts contracts into the same order. */
  version: string;
  parties: readonly string[];
}

/**
 * The contract that runs on a day: the newest that every one of its own parties has ratified for that day. A state that is behind, or
 * corrects its annex, stops nobody: the others go on with what all have in common.
 * @param versions newest first
 */
export function contractInCommon<V extends ContractVersion>(
  versions: readonly V[],
  trust: Pick<TrustView, 'ratifications'>,
  agreement: string,
  day: PlainDate,
): V | undefined {
  return versions.find(({ contract, parties }) =>
    parties.every((state) => trust.ratifications(state, agreement, day).some((one) => one.contract === contract)),
  );
}

/** Newest first; two contracts of one number in an order that is the same everywhere. */
export function byVersion(a: ContractVersion, b: ContractVersion): number {
  return compareVersions(b.version, a.version) || (a.contract < b.contract ? -1 : a.contract > b.contract ? 1 : 0);
}

/** Negative where `a` is older than `b`. @example compareVersions('1.2.0', '1.10.0') < 0 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (const place of [0, 1, 2]) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
