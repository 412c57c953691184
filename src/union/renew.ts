import { type PublicKey, publicKeyJson, type Sealed } from '../crypto/index.ts';
import { Failure, type Instant } from '../storage/index.ts';
import { type Agency, demandManifestSuccession, type Manifest, manifestDigest, type Purpose } from './manifest.ts';
import type { VersionSigner } from './signer.ts';

/** What a state changes in its manifest. All but `issued` may be absent; what is not named stays as it is. */
interface ManifestChanges {
  issued: Instant;
  /** The digest of a newer charter that the state has accepted. */
  charter?: string;
  endpoints?: Manifest['endpoints'];
  ledger?: Manifest['ledger'];
  addCertificates?: Manifest['certificates'];
  /** By fingerprint. */
  dropCertificates?: string[];
  addKeys?: { purpose: Purpose; key: PublicKey; from: Instant; until?: Instant }[];
  /** By key id; the key stays listed for what it signed before. */
  endKeys?: { id: string; until: Instant }[];
  /** Agencies that are new or replace the one of the same id. */
  agencies?: Agency[];
  /** Lets the last known certificate go: peers can then not reach this node until they are given the manifest by hand. */
  cutOver?: boolean;
}

/**
 * The next version of a manifest. A state renews its keys alone: its root signs, nobody is asked. The renewal overlaps: first a
 * version with old *and* new certificate and key, then, when the peers have it, one without the old.
 * @throws Failure UNION_NO_OVERLAP where no certificate that the peers know would be left, UNION_KEY_UNKNOWN,
 *   UNION_MANIFEST_FORM, UNION_SIGNED_OTHER_CONTENT
 * @example renewManifest(current, signer, { issued: clock.now(), addCertificates: [next], addKeys: [{ purpose: 'messages', key, from }] })
 */
export function renewManifest(
  previous: Sealed<Manifest>,
  root: VersionSigner,
  changes: ManifestChanges,
): Sealed<Manifest> {
  const old = previous.payload;
  const dropped = new Set(changes.dropCertificates ?? []);
  const kept = old.certificates.filter((certificate) => !dropped.has(certificate.fingerprint));
  if (kept.length === 0 && !changes.cutOver) throw new Failure('UNION_NO_OVERLAP');
  const manifest: Manifest = {
    ...old,
    version: old.version + 1,
    issued: changes.issued,
    previous: manifestDigest(old),
    charter: changes.charter ?? old.charter,
    endpoints: changes.endpoints ?? old.endpoints,
    ledger: changes.ledger ?? old.ledger,
    certificates: [...kept, ...(changes.addCertificates ?? [])],
    keys: [...endKeys(old, changes.endKeys ?? []), ...(changes.addKeys ?? []).map(plain)],
    agencies: [
      ...old.agencies.map((agency) => changes.agencies?.find((candidate) => candidate.id === agency.id) ?? agency),
      ...(changes.agencies ?? []).filter(({ id }) => !old.agencies.some((agency) => agency.id === id)),
    ],
  };
  demandManifestSuccession(old, manifest);
  return root.signManifest(manifest);
}

function endKeys(old: Manifest, ended: { id: string; until: Instant }[]): Manifest['keys'] {
  for (const { id } of ended) {
    if (!old.keys.some((entry) => entry.key.id === id)) {
      throw new Failure('UNION_KEY_UNKNOWN', { state: old.state, key: id, purpose: '*' });
    }
  }
  return old.keys.map((entry) => {
    const end = ended.find(({ id }) => id === entry.key.id);
    return end ? { ...entry, until: end.until } : entry;
  });
}

const plain = <T extends { key: PublicKey }>(entry: T): T => ({ ...entry, key: publicKeyJson(entry.key) as PublicKey });
