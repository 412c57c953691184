import type { PublicKey, Sealed } from '../crypto/index.ts';
import { Failure, type Instant, type PlainDate } from '../storage/index.ts';
import { type Charter, charterDigest, isExpired, statesOf } from './charter.ts';
import { type Agency, isValidAt, type Manifest, type Purpose } from './manifest.ts';
import { type Ratification, ratificationsInForce } from './ratification.ts';

/** What is known of a union, all of it verified: the answer to "whose key is this, and may it sign that". Asking is cheap. */
export interface TrustView {
  /** The charter version in force, and its digest. */
  readonly charter: Charter;
  readonly charterDigest: string;
  /** Every charter version, oldest first, as it was signed. */
  readonly charters: readonly Sealed<Charter>[];
  /** The states' codes, sorted. */
  states(): string[];
  stateName(state: string): string;
  /** The other states' number whose cosignatures make a checkpoint count: floor((n-1)/2)+1 of n-1; none when alone. */
  witnessQuorum(): number;
  /** The key that the charter gives a state. */
  root(state: string): PublicKey;
  /** The newest manifest that is known. @throws Failure UNION_MANIFEST_MISSING */
  manifest(state: string): Manifest;
  sealedManifest(state: string): Sealed<Manifest>;
  /**
   * The key that signed as `keyId`, if this state lists it for this purpose and it was valid at that moment (default: now).
   * @throws Failure UNION_KEY_UNKNOWN, UNION_KEY_NOT_VALID
   */
  key(state: string, purpose: Purpose, keyId: string, at?: Instant): PublicKey;
  /** All keys of a purpose, those of other times too, newest first. */
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
  const sealedManifest = (state: string): Sealed<Manifest> => {
    entryOf(state);
    const sealed = parts().manifests.get(state);
    if (!sealed) throw new Failure('UNION_MANIFEST_MISSING', { state });
    return sealed;
  };
  const manifest = (state: string): Manifest => sealedManifest(state).payload;
  const keyEntries = (state: string, purpose: Purpose) =>
    manifest(state)
      .keys.filter((entry) => entry.purpose === purpose)
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
    stateName: (state) => entryOf(state).name,
    witnessQuorum() {
      const others = charter().states.length - 1;
      return others === 0 ? 0 : Math.floor(others / 2) + 1;
    },
    root: (state) => entryOf(state).root,
    manifest,
    sealedManifest,
    key: (state, purpose, keyId, at = parts().now()) =>
      validKey(
        manifest(state).keys.filter((entry) => entry.purpose === purpose),
        { state, purpose, keyId, at },
      ),
    keys: (state, purpose) => keyEntries(state, purpose).map((entry) => entry.key),
    currentKey(state, purpose) {
      const at = parts().now();
      const found = keyEntries(state, purpose).find((entry) => isValidAt(entry, at));
      if (!found) throw new Failure('UNION_KEY_UNKNOWN', { state, key: '*', purpose });
      return found.key;
    },
    agency,
    agencyKey: (state, agencyId, keyId, at = parts().now()) =>
      validKey(agency(state, agencyId).keys, { state, purpose: agencyId, keyId, at }),
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
  view: Pick<TrustView, 'manifest'>,
  state: string,
  purpose: Purpose,
  at: Instant,
): PublicKey[] {
  return view
    .manifest(state)
    .keys.filter((entry) => entry.purpose === purpose && isValidAt(entry, at))
    .map(({ key }) => key);
}

function validKey(
  entries: { key: PublicKey; from: Instant; until?: Instant }[],
  wanted: { state: string; purpose: string; keyId: string; at: Instant },
): PublicKey {
  const { state, purpose, keyId, at } = wanted;
  const entry = entries.find((candidate) => candidate.key.id === keyId);
  if (!entry) throw new Failure('UNION_KEY_UNKNOWN', { state, purpose, key: keyId.slice(0, 64) });
  if (!isValidAt(entry, at)) throw new Failure('UNION_KEY_NOT_VALID', { state, purpose, key: keyId, at });
  return entry.key;
}
