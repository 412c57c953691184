import Type from 'typebox';
import { certificateFingerprint, digestOf, type PublicKey, type Sealed, signersOf } from '../crypto/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../storage/index.ts';
import { type Charter, charterDigest } from './charter.ts';
import {
  demandKey,
  demandShape,
  digest,
  dottedName,
  exactly,
  instant,
  isMoment,
  oneOf,
  publicKey,
  stateCode,
  title,
  unionName,
  version,
} from './shapes.ts';

/**
 * What a key of a state is for. A key has one purpose and one only. `approval` keys are not the node's: each is a second person's, who
 * puts his name to what another prepared (a ratification, a published version of an agreement).
 */
const PURPOSES = [
  'messages',
  'seal',
  'documents',
  'ledger',
  'witness',
  'ratification',
  'approval',
  'transport',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** `from` and `until` (open where absent) bound the moments at which the key may have signed: from <= t < until. */
const window = { from: instant, until: Type.Optional(instant) };

const manifestShape = exactly({
  union: unionName,
  state: stateCode,
  version,
  issued: instant,
  charter: digest,
  previous: Type.Union([digest, Type.Null()]),
  endpoints: exactly({
    exchange: exactly({
      host: Type.String({ pattern: '^[a-z0-9.:-]{1,253}$' }),
      port: Type.Integer({ minimum: 1, maximum: 65535 }),
    }),
    portal: Type.String({ pattern: '^https?://[!-~]{1,500}$' }),
  }),
  certificates: Type.Array(exactly({ fingerprint: digest, pem: Type.String({ maxLength: 8192 }) }), {
    minItems: 1,
    maxItems: 16,
  }),
  keys: Type.Array(exactly({ purpose: oneOf(PURPOSES), key: publicKey, ...window }), { minItems: 1, maxItems: 512 }),
  ledger: exactly({ origin: Type.String({ pattern: '^commonway/[a-z0-9./-]{1,200}$' }) }),
  agencies: Type.Array(
    exactly({
      id: dottedName,
      name: Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), title),
      roles: Type.Array(Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9]{0,63}$' }), { maxItems: 64 }),
      keys: Type.Array(exactly({ key: publicKey, ...window }), { maxItems: 64 }),
    }),
    { maxItems: 1024 },
  ),
});

/**
 * A state's own list, signed by its root alone: where its node is, by which certificates it is known, which keys it and its
 * agencies sign with and from when to when. Retired keys stay in it with their `until`, so that the newest version alone tells
 * what to think of any old signature. `charter` is the digest of the charter version it was made under, `previous` of the version before.
 */
export type Manifest = Type.Static<typeof manifestShape>;
export type Agency = Manifest['agencies'][number];

/** The digest that names a manifest version. */
export function manifestDigest(manifest: Manifest): string {
  return digestOf(manifest as unknown as Json);
}

/**
 * Checks what one version says by itself.
 * @throws Failure UNION_MANIFEST_FORM; CRYPTO_KEY for a key that is none
 */
export function demandManifest(value: unknown): Manifest {
  const state = nameIn(value);
  const manifest = demandShape(manifestShape, value, 'UNION_MANIFEST_FORM', { state });
  const wrong = (reason: string): Failure => new Failure('UNION_MANIFEST_FORM', { state, reason });
  if ((manifest.version === 1) !== (manifest.previous === null))
    throw wrong('version 1 alone has no version before it');
  if (!isMoment(manifest.issued)) throw wrong('its time does not exist');
  for (const { fingerprint, pem } of manifest.certificates) {
    if (certificateFingerprint(pem) !== fingerprint) throw wrong('a fingerprint is not that of its certificate');
  }
  const entries = [...manifest.keys, ...manifest.agencies.flatMap((agency) => agency.keys)];
  for (const entry of entries) {
    demandKey(entry.key);
    if (!isMoment(entry.from) || (entry.until !== undefined && (!isMoment(entry.until) || entry.until < entry.from))) {
      throw wrong('the times of a key do not exist, or it ends before it begins');
    }
  }
  if (new Set(entries.map((entry) => entry.key.id)).size !== entries.length)
    throw wrong('one key stands in two places');
  if (!isOwnOrigin(manifest)) throw wrong('its ledger bears the name of another');
  const ids = manifest.agencies.map((agency) => agency.id);
  if (ids.some((id, index) => !id.startsWith(`${manifest.state}.`) || ids.indexOf(id) !== index)) {
    throw wrong('an agency bears the name of another state, or stands twice');
  }
  return manifest;
}

/** A state that lost its ledger opens a new one: `commonway/eaeu/kz`, then `commonway/eaeu/kz/2`. */
function isOwnOrigin({ ledger, union, state }: Manifest): boolean {
  const own = `commonway/${union}/${state}`;
  return (
    ledger.origin === own || (/^\/[0-9]{1,6}$/.test(ledger.origin.slice(own.length)) && ledger.origin.startsWith(own))
  );
}

function nameIn(value: unknown): string {
  const state = (value as { state?: unknown } | null)?.state;
  return typeof state === 'string' ? state.slice(0, 32) : '?';
}

/**
 * Verifies one manifest version against the charter versions that a verifier trusts: made under one of them, for a state of it,
 * signed by this state's root and nobody else. A version that is to be in force must also be signed by the root that the newest
 * charter gives the state: a root that was replaced makes no more manifests.
 * @param charters a verified chain, oldest first
 * @throws Failure UNION_MANIFEST_FORM, _CHARTER, _FORGED, UNION_STATE_UNKNOWN
 * @example const manifest = verifyManifest([charter], sealed)
 */
export function verifyManifest(
  charters: Charter[],
  sealed: Sealed<Manifest>,
  options: { inForce?: boolean } = {},
): Manifest {
  const manifest = demandManifest(sealed.payload);
  const { state, version } = manifest;
  const charter = charters.find((candidate) => charterDigest(candidate) === manifest.charter);
  if (!charter || charter.union !== manifest.union) throw new Failure('UNION_MANIFEST_CHARTER', { state, version });
  const root = rootIn(charter, state);
  const newest = charters[charters.length - 1] as Charter;
  if (options.inForce !== false && rootIn(newest, state).id !== root.id) {
    throw new Failure('UNION_MANIFEST_FORGED', { state, version });
  }
  try {
    signersOf(sealed, 'manifest', [root]);
  } catch (error) {
    if (!isFailure(error, 'CRYPTO_SEALED_SIGNER', 'CRYPTO_SEALED_SIGNATURE')) throw error;
    throw new Failure('UNION_MANIFEST_FORGED', { state, version }, { cause: error });
  }
  return manifest;
}

function rootIn(charter: Charter, state: string): PublicKey {
  const entry = charter.states.find((candidate) => candidate.state === state);
  if (!entry) throw new Failure('UNION_STATE_UNKNOWN', { state });
  return entry.root;
}

/**
 * Checks that a manifest version is the one after another.
 * @throws Failure UNION_MANIFEST_SKIPPED, UNION_MANIFEST_FORM
 */
export function demandManifestSuccession(previous: Manifest, next: Manifest): void {
  const { state } = next;
  if (next.version !== previous.version + 1 || next.previous !== manifestDigest(previous)) {
    throw new Failure('UNION_MANIFEST_SKIPPED', { state, known: previous.version, found: next.version });
  }
  if (next.state !== previous.state || next.union !== previous.union || next.issued < previous.issued) {
    throw new Failure('UNION_MANIFEST_FORM', {
      state,
      reason: 'it is of another state or older than the version before it',
    });
  }
}

/** Whether a key's window holds a moment. */
export function isValidAt(entry: { from: Instant; until?: Instant }, at: Instant): boolean {
  return entry.from <= at && (entry.until === undefined || at < entry.until);
}
