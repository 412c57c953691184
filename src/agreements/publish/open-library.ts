import { today } from '../../calendar/index.ts';
import { describeError, type PlainDate } from '../../storage/index.ts';
import { contractInCommon } from '../in-force.ts';
import {
  type AgreementLibrary,
  compose,
  type HeldVersion,
  type Pinned,
  uniqueContracts,
  type Words,
} from '../library.ts';
import type { Agreement } from '../types.ts';
import { type Edition, editionDigest, openEdition } from './edition.ts';
import { findEdition, listEditions } from './edition-rows.ts';
import type { PublishingContext } from './take.ts';

/** How many put-together contracts are kept at hand. They are made anew from what is stored, so forgetting costs time only. */
const KEPT = 200;

/**
 * The library of a node: what its store holds, put together as the states have ratified it. Nothing is read from a folder. A version is
 * opened when it is first needed and kept, since what a digest names never changes; which version counts is asked of the ratifications
 * each time. `refresh` sees what other processes of this node have stored.
 *
 * @param report is told of a version that this program cannot read any more
 * @example const agreements = await openLibrary(ctx, (line) => log.error(line)); agreements.newest('pension')
 */
export async function openLibrary(
  ctx: Pick<PublishingContext, 'db' | 'clock' | 'trust'>,
  report: (reason: string) => void = () => undefined,
): Promise<AgreementLibrary> {
  const { db, clock, trust } = ctx;
  const held = new Map<string, HeldVersion>();
  const made = new Map<string, Agreement | undefined>();
  const day = (): PlainDate => today(clock, trust.self);
  const words: Words = (state, name, contract, on = day()) =>
    trust.ratifications(state, name, on).find((one) => one.contract === contract);
  const ofName = (name: string) => uniqueContracts([...held.values()].filter((one) => one.name === name));

  async function load(): Promise<void> {
    for (const digest of await listEditions(db)) {
      if (held.has(digest)) continue;
      const sealed = await findEdition(db, digest);
      // A row that was changed is no edition any more; what it pretends to be is refused by its name.
      if (sealed === undefined || editionDigest(sealed.payload) !== digest) report(`the edition ${digest} is damaged`);
      else held.set(digest, onFirstUse(sealed.payload, report));
      made.clear();
    }
  }

  function byContract(contract: string, pinned: Pinned = {}): Agreement | undefined {
    const pins = Object.entries(pinned.annexes ?? {}).flat();
    const key = [contract, pinned.on ?? day(), pinned.texts, ...pins, ...wordsKey(contract, pinned)].join(' ');
    if (!made.has(key)) {
      if (made.size >= KEPT) made.clear();
      made.set(key, compose([...held.values()], contract, { self: trust.self, words, pinned }));
    }
    return made.get(key);
  }

  /** What the states say of a contract, as a part of its name in memory. */
  function wordsKey(contract: string, { on }: Pinned): string[] {
    const one = [...held.values()].find((version) => version.contract === contract);
    return (one?.parties ?? []).map((state) => {
      const word = words(state, one?.name ?? '', contract, on);
      return word === undefined ? '' : `${word.annex} ${word.texts ?? ''}`;
    });
  }

  function newest(name: string): Agreement | undefined {
    const versions = ofName(name);
    const running = contractInCommon(versions, trust, name, day());
    const accepted = trust.words(name).filter(({ state }) => state === trust.self);
    const shown = running ?? versions.find(({ contract }) => accepted.some((one) => one.contract === contract));
    return shown === undefined ? undefined : byContract(shown.contract);
  }

  await load();
  return {
    all: () => [...new Set([...held.values()].map(({ name }) => name))].sort().flatMap((name) => newest(name) ?? []),
    newest,
    byContract,
    versions: ofName,
    async refresh() {
      await trust.refresh();
      await load();
    },
  };
}

function onFirstUse(edition: Edition, report: (reason: string) => void): HeldVersion {
  let opened: { agreement: Agreement | undefined } | undefined;
  const open = (): Agreement | undefined => {
    try {
      const agreement = openEdition(edition);
      // By its digest it is asked for; should this program read the files otherwise than the one that published them, it has another.
      if (agreement.contractDigest === edition.contract) return agreement;
      report(`${edition.agreement} ${edition.version}: its contract is read as ${agreement.contractDigest}`);
    } catch (error) {
      report(`${edition.agreement} ${edition.version}: ${describeError(error)}`);
    }
    return undefined;
  };
  const { agreement: name, contract, version, parties, annexes, texts } = edition;
  return {
    ...{ name, contract, version, parties, annexes, texts },
    open() {
      opened ??= { agreement: open() };
      return opened.agreement;
    },
  };
}
