import Type from 'typebox';
import { digestOf, publicKeyJson, type Sealed, type SigningKey, seal, signersOf } from '../crypto/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../storage/index.ts';
import {
  demandKey,
  demandShape,
  digest,
  exactly,
  instant,
  isMoment,
  publicKey,
  stateCode,
  title,
  unionName,
  version,
} from './shapes.ts';

const charterShape = exactly({
  union: unionName,
  version,
  demo: Type.Boolean(),
  created: instant,
  expires: instant,
  threshold: Type.Integer({ minimum: 1, maximum: 64 }),
  states: Type.Array(exactly({ state: stateCode, name: title, root: publicKey }), { minItems: 1, maxItems: 64 }),
  previous: Type.Union([digest, Type.Null()]),
});

/**
 * The list of the states that trust each other: their root keys and how many of them make a version. `previous` is the digest of
 * the version before (null in version 1). `demo` says that nothing under it is meant: it never changes.
 */
export type Charter = Type.Static<typeof charterShape>;

/** What a verifier holds of its own: one version of one union's charter, by digest. All other trust is derived from it. */
export interface Anchor {
  union: string;
  version: number;
  digest: string;
}

/** The threshold for a number of states: more than two thirds, 4 of 5. */
export function usualThreshold(states: number): number {
  return Math.floor((2 * states) / 3) + 1;
}

/** The digest that names a charter version: of its content, since different sets of roots may sign the same content. */
export function charterDigest(charter: Charter): string {
  return digestOf(charter as unknown as Json);
}

/** The anchor that a charter version is. */
export function anchorOf(charter: Charter): Anchor {
  return { union: charter.union, version: charter.version, digest: charterDigest(charter) };
}

/** The state codes of a charter, sorted. */
export function statesOf(charter: Charter): string[] {
  return charter.states.map((state) => state.state);
}

/** Seals a charter with some roots. Use a `VersionSigner` for anything but the founding: a root must not sign two contents. */
export function sealCharter(charter: Charter, roots: SigningKey[]): Sealed<Charter> {
  demandCharter(charter);
  return seal('charter', charter, roots);
}

/**
 * Checks what one version says by itself.
 * @throws Failure UNION_CHARTER_FORM; CRYPTO_KEY for a root that is no key
 */
export function demandCharter(value: unknown): Charter {
  const charter = demandShape(charterShape, value, 'UNION_CHARTER_FORM');
  const wrong = (reason: string): Failure => new Failure('UNION_CHARTER_FORM', { reason });
  const codes = statesOf(charter);
  if (codes.some((code, index) => index > 0 && code <= (codes[index - 1] as string))) {
    throw wrong('its states are not sorted, or one stands twice');
  }
  for (const state of charter.states) demandKey(state.root);
  if (new Set(charter.states.map((state) => state.root.id)).size !== codes.length)
    throw wrong('two states have one root');
  // With half or less of the states, two contents of one version could be signed by two groups that have no state in common.
  if (charter.threshold * 2 <= codes.length || charter.threshold > codes.length) {
    throw wrong('its threshold is not more than half of its states, or more than all');
  }
  if (!isMoment(charter.created) || !isMoment(charter.expires) || charter.created >= charter.expires) {
    throw wrong('its times do not exist, or it expires before it begins');
  }
  if ((charter.version === 1) !== (charter.previous === null)) throw wrong('version 1 alone has no version before it');
  return charter;
}

/**
 * Verifies the versions of a charter one after the other: each by its own rule and by the rule of the version before, none skipped,
 * and one of them the pinned anchor. Versions older than the anchor are bound to it by their digests.
 * @param charters from the oldest that is there to the newest
 * @returns the same versions, read; the last is the one in force
 * @throws Failure UNION_CHARTER_FORM, _FORGED, _UNDER_SIGNED, _SKIPPED, _EXPIRED, _MISSING, UNION_ANCHOR_MISMATCH
 * @example const charter = verifyCharterChain([first, second], { union: 'eaeu', version: 1, digest }).at(-1)
 */
export function verifyCharterChain(charters: Sealed<Charter>[], anchor: Anchor): Charter[] {
  const chain: Charter[] = [];
  for (const sealed of charters) {
    const charter = demandCharter(sealed.payload);
    const previous = chain[chain.length - 1];
    if (previous) demandSuccession(previous, charter);
    demandSignatures(sealed, charter, previous);
    chain.push(charter);
  }
  if (chain.length === 0) throw new Failure('UNION_CHARTER_MISSING');
  const pinned = chain.find((charter) => charter.version === anchor.version);
  if (!pinned || pinned.union !== anchor.union || charterDigest(pinned) !== anchor.digest) {
    throw new Failure('UNION_ANCHOR_MISMATCH', { union: (chain[0] as Charter).union });
  }
  return chain;
}

/**
 * Checks that a version may follow another, whoever signs it.
 * @throws Failure UNION_CHARTER_SKIPPED, _FORM, _EXPIRED
 */
export function demandSuccession(previous: Charter, next: Charter): void {
  if (next.version !== previous.version + 1 || next.previous !== charterDigest(previous)) {
    throw new Failure('UNION_CHARTER_SKIPPED', { known: previous.version, found: next.version });
  }
  const wrong = (reason: string): Failure => new Failure('UNION_CHARTER_FORM', { reason });
  if (next.union !== previous.union) throw wrong('it is of another union');
  if (next.demo !== previous.demo) throw wrong('a demonstration never becomes a real union, nor the other way round');
  if (next.created < previous.created) throw wrong('it is older than the version before it');
  const known = new Set(previous.states.map((state) => `${state.state} ${state.root.id}`));
  const admits = next.states.some((state) => !known.has(`${state.state} ${state.root.id}`));
  // Expiry stops this alone. Renewing the same states stays possible for ever, or a late signature would end the union.
  if (admits && next.created >= previous.expires)
    throw new Failure('UNION_CHARTER_EXPIRED', { expires: previous.expires });
}

function demandSignatures(sealed: Sealed<Charter>, charter: Charter, previous: Charter | undefined): void {
  const roots = [...charter.states, ...(previous?.states ?? [])].map((state) => state.root);
  const signers = new Set(signersOrForged(sealed, charter, roots));
  const demand = (rule: Charter): void => {
    const signed = rule.states.filter((state) => signers.has(state.root.id)).length;
    if (signed >= rule.threshold) return;
    const { version } = charter;
    throw new Failure('UNION_CHARTER_UNDER_SIGNED', { version, signed, rule: rule.version, needed: rule.threshold });
  };
  demand(charter);
  if (previous) demand(previous);
}

function signersOrForged(
  sealed: Sealed<Charter>,
  charter: Charter,
  roots: Charter['states'][number]['root'][],
): string[] {
  try {
    return signersOf(sealed, 'charter', roots).map((key) => key.id);
  } catch (error) {
    if (!isFailure(error, 'CRYPTO_SEALED_SIGNER', 'CRYPTO_SEALED_SIGNATURE')) throw error;
    throw new Failure(
      'UNION_CHARTER_FORGED',
      { version: charter.version, key: error.params.key ?? '' },
      { cause: error },
    );
  }
}

/** A state's entry for a new charter. @example charterState('kz', 'Kazakhstan', root) */
export function charterState(state: string, name: string, root: SigningKey): Charter['states'][number] {
  return { state, name, root: publicKeyJson(root.public) as Charter['states'][number]['root'] };
}

/** Whether the charter has expired at `at`. It then admits no new state; everything else goes on, and says so. */
export function isExpired(charter: Charter, at: Instant): boolean {
  return at >= charter.expires;
}
