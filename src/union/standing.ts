import type { Sealed } from '../crypto/index.ts';
import type { Instant } from '../storage/index.ts';
import { type Charter, charterDigest } from './charter.ts';
import { type Manifest, verifyManifest } from './manifest.ts';

/** The last manifest of a state that left, or of a root that was replaced, and the moment from which it signs no more. */
export interface FormerManifest {
  manifest: Sealed<Manifest>;
  until: Instant;
}

/**
 * Verifies a manifest against a chain of charters and says how it stands: in force, or of a state that is in no longer. What such a state
 * signed before it left goes on to count, or every case and document that it took part in would fall with it.
 * @param chain verified, oldest first
 * @returns `until` where it is not in force: the moment of the first charter that gives the state no place, or another root
 * @throws Failure UNION_MANIFEST_FORM, _CHARTER, _FORGED, UNION_STATE_UNKNOWN
 */
export function standingOf(chain: readonly Charter[], sealed: Sealed<Manifest>): { state: string; until?: Instant } {
  const { state, charter } = verifyManifest([...chain], sealed, { inForce: false });
  const made = chain.findIndex((one) => charterDigest(one) === charter);
  const rootIn = (one: Charter | undefined) => one?.states.find((entry) => entry.state === state)?.root.id;
  const root = rootIn(chain[made]);
  if (rootIn(chain[chain.length - 1]) === root) return { state };
  const end = chain.slice(made).find((one) => rootIn(one) !== root) as Charter;
  return { state, until: end.created };
}

/** Sorts manifests, at most one of each state, into those that are in force and those of states that left. */
export function sortManifests(
  chain: readonly Charter[],
  all: readonly Sealed<Manifest>[],
): { manifests: Map<string, Sealed<Manifest>>; former: Map<string, FormerManifest> } {
  const manifests = new Map<string, Sealed<Manifest>>();
  const former = new Map<string, FormerManifest>();
  for (const manifest of all) {
    const { state, until } = standingOf(chain, manifest);
    if (until === undefined) manifests.set(state, manifest);
    else former.set(state, { manifest, until });
  }
  return { manifests, former };
}
