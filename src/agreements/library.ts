import type { PlainDate } from '../storage/index.ts';
import { byVersion, type ContractVersion } from './in-force.ts';
import type { Agreement } from './types.ts';

/** What something is pinned to beside the contract; the rest is as the states have ratified it. */
export interface Pinned {
  /** Annexes by state, as digests. */
  annexes?: Readonly<Record<string, string>>;
  /** Digest of the texts, for what is shown as it was. */
  texts?: string;
  /** The day whose ratifications name the other annexes; today without it. */
  on?: PlainDate;
}

/** The agreements that a node holds. Old versions stay: a case, a draft or a decided document may be pinned to them. */
export interface AgreementLibrary {
  /** Every name once, with the version that runs; where none runs, the one that this state accepted last. */
  all(): Agreement[];
  newest(name: string): Agreement | undefined;
  /** The contract with the annexes and texts that its parties have ratified. */
  byContract(digest: string, pinned?: Pinned): Agreement | undefined;
  /** The contracts of an agreement that this node holds, newest first. */
  versions(name: string): ContractVersion[];
  /** Sees what another process of this node, or another node, has brought since. */
  refresh(): Promise<void>;
}

/** One published version, opened when it is first needed. */
export interface HeldVersion extends ContractVersion {
  name: string;
  annexes: Readonly<Record<string, string>>;
  texts: string;
  /** Undefined where this program cannot read it any more. */
  open(): Agreement | undefined;
}

/** What a state's word names for a contract on a day. */
export type Words = (
  state: string,
  name: string,
  contract: string,
  day?: PlainDate,
) => { annex: string; texts?: string } | undefined;

/**
 * A contract put together from the versions that have it: the first one held, with the annexes and texts that are wanted of it. All
 * versions of one contract share its rules and types, so an annex of one fits the others.
 */
export function compose(
  versions: readonly HeldVersion[],
  contract: string,
  wanted: { self?: string; words: Words; pinned?: Pinned },
): Agreement | undefined {
  const same = versions.filter((one) => one.contract === contract);
  const base = same[0]?.open();
  if (base === undefined) return undefined;
  const { words, pinned = {}, self } = wanted;
  const word = (state: string) => words(state, base.name, contract, pinned.on);
  const annexes = Object.fromEntries(
    Object.entries(base.annexes).map(([state, annex]) => {
      const digest = pinned.annexes?.[state] ?? word(state)?.annex;
      const found =
        digest === undefined || digest === annex.digest ? undefined : same.find((one) => one.annexes[state] === digest);
      return [state, found?.open()?.annexes[state] ?? annex];
    }),
  );
  const texts = pinned.texts ?? (self === undefined ? undefined : word(self)?.texts);
  const worded = (texts !== undefined && same.find((one) => one.texts === texts)?.open()) || base;
  const { textsDigest, languages, text, messages, approvals } = worded;
  return { ...base, annexes, textsDigest, languages, text, messages, approvals };
}

/** A version of an agreement that is in memory. */
export function heldVersion(agreement: Agreement): HeldVersion {
  const annexes = Object.values(agreement.annexes).map(({ state, digest }) => [state, digest]);
  return {
    name: agreement.name,
    contract: agreement.contractDigest,
    version: agreement.version,
    parties: agreement.parties,
    annexes: Object.fromEntries(annexes),
    texts: agreement.textsDigest,
    open: () => agreement,
  };
}

/**
 * Makes a library of loaded agreements; of versions of one name, the last given is the newest.
 * @example agreementLibrary([pension2026, pension2027]).newest('pension') === pension2027
 */
export function agreementLibrary(agreements: readonly Agreement[]): AgreementLibrary {
  const byName = new Map(agreements.map((agreement) => [agreement.name, agreement]));
  const held = agreements.map(heldVersion);
  const words: Words = () => undefined;
  return {
    all: () => [...byName.values()],
    newest: (name) => byName.get(name),
    byContract: (digest, pinned) => {
      const found = held.find(({ contract }) => contract === digest)?.open();
      return pinned === undefined ? found : compose(held, digest, { words, pinned });
    },
    versions: (name) => uniqueContracts(held.filter((one) => one.name === name)),
    refresh: async () => undefined,
  };
}

/** Each contract once, newest first. */
export function uniqueContracts(held: readonly HeldVersion[]): ContractVersion[] {
  const known = new Map<string, ContractVersion>();
  for (const { contract, version, parties } of held) {
    if (!known.has(contract)) known.set(contract, { contract, version, parties });
  }
  return [...known.values()].sort(byVersion);
}
