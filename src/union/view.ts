import type { PublicKey, Sealed } from '../crypto/index.ts';
import { Failure, type Instant, type PlainDate } from '../storage/index.ts';
import { type Charter, charterDigest, isExpired, statesOf } from './charter.ts';
import { type Agency, isValidAt, type Manifest, type Purpose } from './manifest.ts';
import { type Ratification, ratificationsInForce } from './ratification.ts';
import type { FormerManifest } from './standing.ts';

/** What is known of a union, all of it verified: the answer to "whose key is this, and may it sign that". Asking is cheap. */
export interface TrustView {
  /** The charter version in force, and its digest. */
  readonly charter: Charter;
  readonly charterDigest: string;
  /** Every charter version, oldest first, as it was signed. */
  readonly charters: readonly Sealed<Charter>[];
  /** The states' codes, sorted. */
  states(): string[];
  /** Those of them whose manifest is known and in force: who can be spoken to. */
  members(): string[];
  /** Those of any charter version, sorted: what a state that left signed before goes on to count. */
  everStates(): string[];
  /** Every root that a charter version gave a state, the newest first. */
  rootsEver(state: string): PublicKey[];
  /** The moment at which a state left, or lost the root that its last manifest is signed with; undefined for one that is in. */
  leftAt(state: string): Instant | undefined;
  stateName(state: string): string;
  /** The other states' number whose cosignatures make a checkpoint count: floor((n-1)/2)+1 of n-1; none when alone. */
  witnessQuorum(): number;
  /** The key that the charter gives a state. */
  root(state: string): PublicKey;
  /** The newest manifest that is known; of a state that left, its last. @throws Failure UNION_MANIFEST_MISSING, UNION_STATE_UNKNOWN */
  manifest(state: string): Manifest;
  sealedManifest(state: string): Sealed<Manifest>;
  /**
   * The key that signed as `keyId`, if this state lists it for this purpose and it was valid at that moment (default: now).
   * @throws Failure UNION_KEY_UNKNOWN, UNION_KEY_NOT_VALID
   */
  key(state: string, purpose: Purpose, keyId: string, at?: Instant): PublicKey;
  /** All keys of a purpose, those of other times too, newest first; none of a state whose manifest is not known yet. */
  keys(state: string, purpose: Purpose): PublicKey[];
  /** The key to use now: of the valid ones the one that became valid last. @throws Failure UNION_KEY_UNKNOWN */
  currentKey(state: string, purpose: Purpose): PublicKey;
  /** @throws Failure UNION_AGENCY_UNKNOWN */
  agency(state: string, id: string): Agency;
  /** @throws Failure UNION_KEY_UNKNOWN, UNION_KEY_NOT_VALID */
  agencyKey(state: string, agencyId: string, keyId: string, at?: Instant): PublicKey;
  /** The agency of a state that plays a role (the first listed). @throws Failure UNION_ROLE_UNKNOWN */
  agencyFor(state: string, role: string): Agency;
  /** The state that is known by this certificate. */
  stateOfCertificate(fingerprint: string): string | undefined;
  /** The newest contract that a state accepts on a day. */
  ratified(state: string, agreement: string, day: PlainDate): Ratification | undefined;
  /** All contracts that a state accepts on a day, newest first. */
  ratifications(state: string, agreement: string, day: PlainDate): Ratification[];
  /** Every word of every state on an agreement, the latest issued first: what was, is and will be. */
  words(agreement: string): Ratification[];
  /** Whether the charter has expired: admissions stop, nothing else does, and pages say so. */
  expired(): boolean;
}

/** The verified parts that a view is made of. */
export interface TrustParts {
  chain: readonly Charter[];
  charters: readonly Sealed<Charter>[];
  manifests: ReadonlyMap<string, Sealed<Manifest>>;
  /** Of states that left, and of roots that were replaced where the new one has signed nothing yet. */
  former?: ReadonlyMap<string, FormerManifest>;
  ratifications: readonly Ratification[];
  now(): Instant;
}

/** Makes a view over parts that were verified before. `parts` is asked anew each time, so a store may grow below it. */
export function viewOf(parts: () => TrustParts): TrustView {
  const charter = (): Charter => parts().chain[parts().chain.length - 1] as Charter;
  const entryOf = (state: string): Charter['states'][number] => {
    const entry = charter().states.find((candidate) => candidate.state === state);
    if (!entry) throw new Failure('UNION_STATE_UNKNOWN', { state });
    return entry;
  };
  const leftAt = (state: string): Instant | undefined =>
    parts().manifests.has(state) ? undefined : parts().former?.get(state)?.until;
  /** What is signed now is not signed by a state that left, even where its charter is dated ahead. */
  const leftNow = (state: string): Instant | undefined => leftAt(state) && parts().now();
  const sealedManifest = (state: string): Sealed<Manifest> => {
    const sealed = parts().manifests.get(state) ?? parts().former?.get(state)?.manifest;
    if (sealed) return sealed;
    entryOf(state);
    throw new Failure('UNION_MANIFEST_MISSING', { state });
  };
  const manifest = (state: string): Manifest => sealedManifest(state).payload;
  /** A state that was just admitted has no manifest yet, and no keys: it is a witness of nothing, and stops nobody. */
  const keyEntries = (state: string, purpose: Purpose) =>
    (leftAt(state) === undefined && !parts().manifests.has(state) && entryOf(state) ? [] : manifest(state).keys)
      .filter((entry) => entry.purpose === purpose)
      .sort((a, b) => (a.from > b.from ? -1 : a.from < b.from ? 1 : 0));
  const agency = (state: string, id: string): Agency => {
    const found = manifest(state).agencies.find((candidate) => candidate.id === id);
    if (!found) throw new Failure('UNION_AGENCY_UNKNOWN', { state, agency: id });
    return found;
  };
  const ratifications = (state: string, agreement: string, day: PlainDate): Ratification[] =>
    ratificationsInForce([...parts().ratifications], state, agreement, day);
  let digestFor: Charter | undefined;
  let digest = '';
  return {
    get charter() {
      return charter();
    },
    get charterDigest() {
      if (digestFor !== charter()) {
        digestFor = charter();
        digest = charterDigest(digestFor);
      }
      return digest;
    },
    get charters() {
      return parts().charters;
    },
    states: () => statesOf(charter()),
    members: () => statesOf(charter()).filter((state) => parts().manifests.has(state)),
    everStates: () => [...new Set(parts().chain.flatMap(statesOf))].sort(),
    rootsEver: (state) => {
      const roots = parts().chain.flatMap((one) => one.states.filter((entry) => entry.state === state));
      return [...new Map(roots.reverse().map(({ root }) => [root.id, root])).values()];
    },
    leftAt,
    stateName: (state) =>
      (
        parts()
          .chain.flatMap(({ states }) => states.filter((one) => one.state === state))
          .at(-1) ?? entryOf(state)
      ).name,
    witnessQuorum() {
      const others = charter().states.length - 1;
      return others === 0 ? 0 : Math.floor(others / 2) + 1;
    },
    root: (state) => entryOf(state).root,
    manifest,
    sealedManifest,
    key: (state, purpose, keyId, at) =>
      validKey(
        manifest(state).keys.filter((entry) => entry.purpose === purpose),
        { state, purpose, keyId, at: at ?? parts().now() },
        at === undefined ? leftNow(state) : leftAt(state),
      ),
    keys: (state, purpose) => keyEntries(state, purpose).map((entry) => entry.key),
    currentKey(state, purpose) {
      const at = parts().now();
      if (leftAt(state) !== undefined) throw new Failure('UNION_KEY_UNKNOWN', { state, key: '*', purpose });
      const found = keyEntries(state, purpose).find((entry) => isValidAt(entry, at));
      if (!found) throw new Failure('UNION_KEY_UNKNOWN', { state, key: '*', purpose });
      return found.key;
    },
    agency,
    agencyKey: (state, agencyId, keyId, at) =>
      validKey(
        agency(state, agencyId).keys,
        { state, purpose: agencyId, keyId, at: at ?? parts().now() },
        at === undefined ? leftNow(state) : leftAt(state),
      ),
    agencyFor(state, role) {
      const found = manifest(state).agencies.find((candidate) => candidate.roles.includes(role));
      if (!found) throw new Failure('UNION_ROLE_UNKNOWN', { state, role });
      return found;
    },
    stateOfCertificate(fingerprint) {
      for (const state of statesOf(charter())) {
        const certificates = parts().manifests.get(state)?.payload.certificates;
        if (certificates?.some((certificate) => certificate.fingerprint === fingerprint)) return state;
      }
      return undefined;
    },
    ratified: (state, agreement, day) => ratifications(state, agreement, day)[0],
    ratifications,
    words: (agreement) =>
      parts()
        .ratifications.filter((one) => one.agreement === agreement)
        .sort((a, b) => (a.issued < b.issued ? 1 : a.issued > b.issued ? -1 : 0)),
    expired: () => isExpired(charter(), parts().now()),
  };
}

/** A state's keys of a purpose that were valid at a moment. */
export function validKeys(
  view: Pick<TrustView, 'manifest' | 'leftAt'>,
  state: string,
  purpose: Purpose,
  at: Instant,
): PublicKey[] {
  if (hasLeft(view.leftAt(state), at)) return [];
  return view
    .manifest(state)
    .keys.filter((entry) => entry.purpose === purpose && isValidAt(entry, at))
    .map(({ key }) => key);
}

function validKey(
  entries: { key: PublicKey; from: Instant; until?: Instant }[],
  wanted: { state: string; purpose: string; keyId: string; at: Instant },
  left: Instant | undefined,
): PublicKey {
  const { state, purpose, keyId, at } = wanted;
  const entry = entries.find((candidate) => candidate.key.id === keyId);
  if (!entry) throw new Failure('UNION_KEY_UNKNOWN', { state, purpose, key: keyId.slice(0, 64) });
  if (!isValidAt(entry, at) || hasLeft(left, at))
    throw new Failure('UNION_KEY_NOT_VALID', { state, purpose, key: keyId, at });
  return entry.key;
}

/** A key of a state that left may have signed before that moment only, whatever its own window says. */
const hasLeft = (left: Instant | undefined, at: Instant): boolean => left !== undefined && at >= left;
