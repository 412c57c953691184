import { certificateFingerprint, type Sealed, type SigningKey } from '../crypto/index.ts';
import { Failure, type Instant } from '../storage/index.ts';
import { listedKeys, makeNodeKeys, plainKey } from './make-node-keys.ts';
import type { Manifest } from './manifest.ts';
import type { NodeKeys } from './node-keys.ts';
import { renewManifest } from './renew.ts';
import type { VersionSigner } from './signer.ts';

/** What the root works on. */
interface Renewal {
  /** Digest of the newest charter that the state has: the one that gives it this root. */
  charter?: string;
  /** The newest manifest of the state. */
  manifest: Sealed<Manifest>;
  signer: VersionSigner;
  at: Instant;
}

/** A renewal that has begun. */
export interface BegunRenewal {
  /** Lists old and new keys and certificates side by side. */
  manifest: Sealed<Manifest>;
  /** To be used from now on: new keys, and still the old TLS certificate, which is all that the others know. */
  keys: NodeKeys;
  /** To be used once the others know the manifest. */
  nextTls: NodeKeys['tls'];
}

/**
 * Begins to renew all of a state's keys: new ones for the node and for the agencies that it signs for, and a second TLS certificate.
 * The others believe the new keys as soon as they have the manifest, which this node brings them under its old certificate.
 * @param input.name of the state, for its certificates; `input.keys` are the present ones, `input.root` certifies the key of documents
 * @throws Failure UNION_SIGNED_OTHER_CONTENT, UNION_MANIFEST_FORM
 * @example const { manifest, keys, nextTls } = beginKeyRenewal({ manifest: newest, name: 'Kazakhstan', keys, root, signer, at })
 */
export function beginKeyRenewal(input: Renewal & { name: string; keys: NodeKeys; root: SigningKey }): BegunRenewal {
  const { manifest, keys, at } = input;
  const { state, endpoints, agencies } = manifest.payload;
  const owner = {
    state,
    name: input.name,
    exchangeHost: endpoints.exchange.host,
    agencies: Object.keys(keys.agencies),
  };
  const made = makeNodeKeys(owner, input.root, at);
  // What is dated in whole seconds must not be older than the key that signs it.
  const second = `${at.slice(0, 19)}.000Z`;
  const from = second > manifest.payload.issued ? second : at;
  const renewed = renewManifest(manifest, input.signer, {
    issued: at,
    ...(input.charter !== undefined && { charter: input.charter }),
    addCertificates: [made.certificate],
    addKeys: listedKeys(made, from),
    agencies: agencies.map((agency) => {
      const key = made.keys.agencies[agency.id];
      return key === undefined ? agency : { ...agency, keys: [...agency.keys, { key: plainKey(key.public), from }] };
    }),
  });
  return { manifest: renewed, keys: { ...made.keys, tls: keys.tls }, nextTls: made.keys.tls };
}

/**
 * Ends the renewal: of every purpose and agency only the newest key goes on, and only the new certificate is known. Ended keys stay
 * listed for what they signed in their time.
 * @throws Failure UNION_NO_OVERLAP where the manifest does not list `nextTls`: the others would not know this node
 */
export function finishKeyRenewal(input: Renewal & { nextTls: NodeKeys['tls'] }): Sealed<Manifest> {
  const { manifest, signer, at } = input;
  const { certificates, keys, agencies } = manifest.payload;
  const kept = certificateFingerprint(input.nextTls.certificatePem);
  if (!certificates.some(({ fingerprint }) => fingerprint === kept)) throw new Failure('UNION_NO_OVERLAP');
  const isOld = (entry: Manifest['keys'][number]) =>
    keys.some(({ purpose, from }) => purpose === entry.purpose && from > entry.from);
  return renewManifest(manifest, signer, {
    issued: at,
    dropCertificates: certificates.map(({ fingerprint }) => fingerprint).filter((one) => one !== kept),
    endKeys: keys
      .filter((entry) => entry.until === undefined && isOld(entry))
      .map(({ key }) => ({ id: key.id, until: at })),
    agencies: agencies.map((agency) => ({
      ...agency,
      keys: agency.keys.map((entry) =>
        entry.until === undefined && agency.keys.some(({ from }) => from > entry.from)
          ? { ...entry, until: at }
          : entry,
      ),
    })),
  });
}

/**
 * All keys anew, with no overlap: the old ones are lost, or somebody else has them. What they signed before `at` goes on to count. The others
 * know the new certificate by this manifest alone, so one of them at least has to be given it by hand.
 * @throws Failure UNION_SIGNED_OTHER_CONTENT, UNION_MANIFEST_FORM
 */
export function replaceLostKeys(input: Renewal & { name: string; root: SigningKey }): {
  manifest: Sealed<Manifest>;
  keys: NodeKeys;
} {
  const { manifest, signer, at, charter } = input;
  const { state, endpoints, agencies, certificates, keys } = manifest.payload;
  const owner = {
    state,
    name: input.name,
    exchangeHost: endpoints.exchange.host,
    agencies: agencies.map(({ id }) => id),
  };
  const made = makeNodeKeys(owner, input.root, at);
  const isOpen = ({ until }: { until?: Instant }) => until === undefined || until > at;
  const renewed = renewManifest(manifest, signer, {
    issued: at,
    ...(charter !== undefined && { charter }),
    cutOver: true,
    dropCertificates: certificates.map(({ fingerprint }) => fingerprint),
    addCertificates: [made.certificate],
    // A second person's key is no node's, and was not lost with them.
    endKeys: keys
      .filter((entry) => isOpen(entry) && entry.purpose !== 'approval')
      .map(({ key }) => ({ id: key.id, until: at })),
    addKeys: listedKeys(made, at),
    agencies: agencies.map((agency) => ({
      ...agency,
      keys: [
        ...agency.keys.map((entry) => (isOpen(entry) ? { ...entry, until: at } : entry)),
        { key: plainKey((made.keys.agencies[agency.id] as SigningKey).public), from: at },
      ],
    })),
  });
  return { manifest: renewed, keys: made.keys };
}
