import Type from 'typebox';
import { canonicalJson, parseSealed, type Sealed, type SigningKey, sealedBytes } from '../crypto/index.ts';
import { describeError, Failure, type Instant, type Json } from '../storage/index.ts';
import {
  anchorOf,
  type Charter,
  charterDigest,
  demandCharter,
  demandSuccession,
  statesOf,
  usualThreshold,
  verifyCharterChain,
} from './charter.ts';
import { demandKey, demandShape, exactly, publicKey, stateCode, title } from './shapes.ts';
import { assembleCharter, openVersionSigner } from './signer.ts';

/** The next version of a charter as somebody proposes it, with the version before it: all that a signer needs to judge it offline. */
export interface CharterProposal {
  previous: Sealed<Charter>;
  charter: Charter;
}

/** A state's place in a charter: what it gives to the others when it wants to join, or has made a new root. */
export type CharterEntry = Charter['states'][number];

/** What the next version changes. What is not named stays as it is. */
export interface CharterChanges {
  created: Instant;
  expires?: Instant;
  /** Default: more than two thirds of the states that there are then. */
  threshold?: number;
  add?: readonly CharterEntry[];
  /** By state code. */
  remove?: readonly string[];
  /** Entries with another root of states that are in: a lost root is an expulsion and a new admission at once. */
  replace?: readonly CharterEntry[];
}

const FORMAT = 1;
const entryShape = exactly({ state: stateCode, name: title, root: publicKey });
const proposalShape = exactly({
  commonway: Type.Literal('charter-proposal'),
  format: Type.Literal(FORMAT),
  previous: Type.Unsafe<Sealed<Charter>>(Type.Object({})),
  charter: Type.Unsafe<Charter>(Type.Object({})),
});

/**
 * Proposes the version after a charter. Nothing is signed by that.
 * @throws Failure UNION_PROPOSAL_SAME, UNION_STATE_KNOWN, UNION_STATE_UNKNOWN, UNION_CHARTER_FORM, UNION_CHARTER_EXPIRED
 * @example const proposal = proposeCharter(newest, { created: clock.now(), remove: ['by'] })
 */
export function proposeCharter(previous: Sealed<Charter>, changes: CharterChanges): CharterProposal {
  const old = previous.payload;
  const { add = [], remove = [], replace = [], created, expires, threshold } = changes;
  for (const { state } of add) if (statesOf(old).includes(state)) throw new Failure('UNION_STATE_KNOWN', { state });
  for (const state of [...remove, ...replace.map((entry) => entry.state)]) {
    if (!statesOf(old).includes(state)) throw new Failure('UNION_STATE_UNKNOWN', { state });
  }
  const states = [
    ...old.states
      .filter(({ state }) => !remove.includes(state))
      .map((entry) => replace.find(({ state }) => state === entry.state) ?? entry),
    ...add,
  ].sort((a, b) => (a.state < b.state ? -1 : 1));
  const charter: Charter = {
    ...old,
    version: old.version + 1,
    previous: charterDigest(old),
    created,
    expires: expires ?? old.expires,
    threshold: threshold ?? (add.length + remove.length > 0 ? usualThreshold(states.length) : old.threshold),
    states,
  };
  const { expires: until, threshold: rule } = charter;
  if (add.length + remove.length + replace.length === 0 && until === old.expires && rule === old.threshold) {
    throw new Failure('UNION_PROPOSAL_SAME');
  }
  demandSuccession(old, demandCharter(charter));
  return { previous, charter };
}

/** The exact bytes of a proposal, for a file. */
export function proposalBytes({ previous, charter }: CharterProposal): Buffer {
  const value = { commonway: 'charter-proposal', format: FORMAT, previous, charter };
  return Buffer.from(`${canonicalJson(value as unknown as Json)}\n`);
}

/**
 * Reads a proposal: the version before it holds by its own rule, and the new one may follow it.
 * @param file its name, for the refusal
 * @throws Failure UNION_PROPOSAL_FORM, UNION_CHARTER_*
 */
export function readProposal(bytes: Uint8Array, file: string): CharterProposal {
  const value = parsed(bytes, (reason) => new Failure('UNION_PROPOSAL_FORM', { file, reason }));
  const { previous, charter } = demandShape(proposalShape, value, 'UNION_PROPOSAL_FORM', { file });
  const before = parseSealed<Charter>(sealedBytes(previous), 'charter');
  verifyCharterChain([before], anchorOf(before.payload));
  demandSuccession(before.payload, demandCharter(charter));
  return { previous: before, charter };
}

/** @throws Failure UNION_ENTRY_FORM; CRYPTO_KEY for a root that is no key */
export function readCharterEntry(bytes: Uint8Array, file: string): CharterEntry {
  const value = parsed(bytes, (reason) => new Failure('UNION_ENTRY_FORM', { file, reason }));
  const entry = demandShape(entryShape, value, 'UNION_ENTRY_FORM', { file });
  demandKey(entry.root);
  return entry;
}

/**
 * Signs a proposal with one root, on the machine where the root is. The folder remembers what it has signed: another content of the same
 * version it never signs.
 * @throws Failure UNION_ROOT_FOREIGN, UNION_SIGNED_OTHER_CONTENT
 */
export function signProposal(
  { previous, charter }: CharterProposal,
  root: SigningKey,
  memory: string,
): Sealed<Charter> {
  const known = [...charter.states, ...previous.payload.states].some((entry) => entry.root.id === root.public.id);
  if (!known) throw new Failure('UNION_ROOT_FOREIGN');
  return openVersionSigner(memory, root).signCharter(charter);
}

/**
 * Joins a proposal's signatures into the sealed version, when they satisfy its own rule and that of the version before.
 * @throws Failure UNION_SIGNATURE_OTHER, UNION_CHARTER_UNDER_SIGNED, UNION_CHARTER_FORGED, UNION_CHARTER_MISSING
 */
export function assembleProposal(
  { previous, charter }: CharterProposal,
  signatures: readonly { file: string; sealed: Sealed<Charter> }[],
): Sealed<Charter> {
  const digest = charterDigest(charter);
  for (const { file, sealed } of signatures) {
    if (charterDigest(sealed.payload) !== digest) throw new Failure('UNION_SIGNATURE_OTHER', { file });
  }
  const whole = assembleCharter(signatures.map(({ sealed }) => sealed));
  verifyCharterChain([previous, whole], anchorOf(previous.payload));
  return whole;
}

/** What a version changes, for whoever is to sign it. */
export interface CharterDifference {
  joins: string[];
  leaves: string[];
  newRoot: string[];
  threshold?: { before: number; after: number };
  expires?: { before: Instant; after: Instant };
}

/** Tells two versions apart. */
export function charterDifference(before: Charter, after: Charter): CharterDifference {
  const rootIn = (charter: Charter, state: string) => charter.states.find((entry) => entry.state === state)?.root.id;
  const [old, now] = [statesOf(before), statesOf(after)];
  return {
    joins: now.filter((state) => !old.includes(state)),
    leaves: old.filter((state) => !now.includes(state)),
    newRoot: now.filter((state) => old.includes(state) && rootIn(before, state) !== rootIn(after, state)),
    ...(before.threshold !== after.threshold && {
      threshold: { before: before.threshold, after: after.threshold },
    }),
    ...(before.expires !== after.expires && { expires: { before: before.expires, after: after.expires } }),
  };
}

function parsed(bytes: Uint8Array, wrong: (reason: string) => Failure): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw wrong(describeError(error));
  }
}
