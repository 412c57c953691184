import { Failure, type PlainDate, type Queryable } from '../../storage/index.ts';
import type { Ratification, TrustView } from '../../union/index.ts';
import { editionHeads } from './edition-rows.ts';

/** What a state's own word will be about. */
export interface Ratified extends Pick<Ratification, 'agreement' | 'contract' | 'annex' | 'texts'> {
  version: string;
}

/**
 * What a state ratifies when it names a contract: with the annex and the texts that its own agencies published last for it. Without any
 * of its own, those that its word in force has; else those of the first version that is held. Another state's edition never changes them.
 *
 * @param start the beginning of the contract's digest. It has to be named: of what others publish nothing is ratified by default
 * @throws Failure AGREEMENT_VERSION_UNKNOWN for a contract that is not held, or has more than one of that beginning
 * @example await whatToRatify(db, trust, { agreement: 'pension', start: '3f2a', day })
 */
export async function whatToRatify(
  db: Queryable,
  trust: Pick<TrustView, 'ratifications'> & { self: string },
  { agreement, start, day }: { agreement: string; start: string; day: PlainDate },
): Promise<Ratified> {
  const heads = (await editionHeads(db, agreement)).filter(
    ({ contract, parties }) => contract.startsWith(start) && parties.includes(trust.self),
  );
  const [contract, ...others] = [...new Set(heads.map((head) => head.contract))];
  if (contract === undefined || others.length > 0 || start === '') {
    throw new Failure('AGREEMENT_VERSION_UNKNOWN', { agreement, contract: start.slice(0, 64) });
  }
  const same = heads.filter((head) => head.contract === contract);
  const own = same.filter(({ state }) => state === trust.self).at(-1);
  const word = trust.ratifications(trust.self, agreement, day).find((one) => one.contract === contract);
  const first = own ?? same[0];
  const annex = own?.annexes[trust.self] ?? word?.annex ?? first?.annexes[trust.self];
  if (first === undefined || annex === undefined) {
    throw new Failure('AGREEMENT_VERSION_UNKNOWN', { agreement, contract: start.slice(0, 64) });
  }
  return { agreement, version: first.version, contract, annex, texts: own?.texts ?? word?.texts ?? first.texts };
}

/** From when to when the words of a state hold, and what the next change is: a listing of all its words that are not overtaken. */
export interface HeldWord extends Ratification {
  /** `now` holds today, `later` begins after it, `past` has ended or was overtaken. */
  when: 'now' | 'later' | 'past';
}

/** A state's words on an agreement, by day of beginning. */
export function wordsOf(
  trust: Pick<TrustView, 'words' | 'ratifications'>,
  { state, agreement, day }: { state: string; agreement: string; day: PlainDate },
): HeldWord[] {
  const now = trust.ratifications(state, agreement, day);
  return trust
    .words(agreement)
    .filter((one) => one.state === state)
    .map((one): HeldWord => {
      const holds = now.some(({ contract, issued }) => contract === one.contract && issued === one.issued);
      return { ...one, when: holds ? 'now' : day < one.from ? 'later' : 'past' };
    })
    .sort((a, b) => (a.from === b.from ? (a.issued < b.issued ? -1 : 1) : a.from < b.from ? -1 : 1));
}
