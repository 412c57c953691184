import type { Agreement, Service } from '../../agreements/index.ts';
import { LANGUAGES, spellingKeys } from '../../texts/index.ts';
import type { Offer } from './catalogue.ts';

const LONGEST_QUERY = 200;
const MOST_WORDS = 8;

/** What a word that was typed counts: in a title or in a summary, as it is or with a typing error. */
const SCORES = { title: { exact: 4, near: 2 }, summary: { exact: 2, near: 1 } } as const;

/** A word as it is written, and the keys that its spellings in other scripts share. */
type Word = readonly string[];
type Words = { [place in keyof typeof SCORES]: Word[] };

/**
 * Finds services by words, in whatever language they are typed, in whatever script, and with a typing error in a longer word: each must
 * begin a word of the title or the summary in one of the languages. Titles count more, and so does what is spelled right. Nothing typed
 * finds everything.
 *
 * @example searchOffers(catalogue(ctx), 'пенс') // the pension services, as by 'pens', 'pensia' and 'пенисия'
 */
export function searchOffers(offers: readonly Offer[], query: string): Offer[] {
  const wanted = wordsOf(query.slice(0, LONGEST_QUERY)).slice(0, MOST_WORDS);
  if (wanted.length === 0) return [...offers];
  return offers
    .map((offer) => ({ offer, score: scoreOf(offer, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ offer }) => offer);
}

/** The best of the languages: all that was typed must be found in one of them. */
function scoreOf({ agreement, service }: Offer, wanted: readonly Word[]): number {
  const scores = indexOf(agreement, service).map((words) => {
    const each = wanted.map((word) => scoreIn(words, word));
    return each.includes(0) ? 0 : each.reduce((sum, score) => sum + score, 0);
  });
  return Math.max(...scores);
}

function scoreIn(words: Words, wanted: Word): number {
  const scores = (['title', 'summary'] as const).map((place) => {
    const { exact, near } = SCORES[place];
    if (words[place].some((word) => meet(word, wanted, (key, start) => key.startsWith(start)))) return exact;
    const most = forgiven((wanted[0] as string).length);
    return most > 0 && words[place].some((word) => meet(word, wanted, isNear(most))) ? near : 0;
  });
  return Math.max(...scores);
}

const meet = (word: Word, wanted: Word, fits: (key: string, start: string) => boolean): boolean =>
  wanted.some((start) => word.some((key) => fits(key, start)));

/** Of each service the words of its titles and of its summary, a language after the other. */
const indexes = new WeakMap<Service, Words[]>();

function indexOf(agreement: Agreement, service: Service): Words[] {
  const known = indexes.get(service);
  if (known !== undefined) return known;
  const index = LANGUAGES.map((language) => ({
    title: wordsOf(`${agreement.text(language, service.title)} ${agreement.text(language, agreement.title)}`),
    summary: wordsOf(agreement.text(language, service.summary)),
  }));
  indexes.set(service, index);
  return index;
}

/** A key so short says nothing. */
const SHORTEST_KEY = 3;

function wordsOf(text: string): Word[] {
  const words = text.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map((word) => {
    const written = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    return [written, ...spellingKeys(word).filter((key) => key.length >= SHORTEST_KEY)];
  });
}

/** So many typing errors are forgiven in a word of so many letters. */
const forgiven = (length: number): number => (length >= 8 ? 2 : length >= 4 ? 1 : 0);

/**
 * Whether a word begins with what was typed but for a typing error: a letter too many, too few, wrong, or two in the wrong order. The first
 * letter is hardly ever mistaken, and without it everything would look like everything.
 */
const isNear =
  (most: number) =>
  (key: string, typed: string): boolean =>
    key[0] === typed[0] && errorsOf(key, typed) <= most;

/** The fewest typing errors between what was typed and any beginning of a word (optimal string alignment). */
function errorsOf(key: string, typed: string): number {
  let before: number[] = [];
  let last = Array.from({ length: key.length + 1 }, (_, at) => at);
  for (let row = 1; row <= typed.length; row++) {
    const now = [row];
    for (let at = 1; at <= key.length; at++) {
      const isSame = typed[row - 1] === key[at - 1];
      const changed = (last[at - 1] as number) + (isSame ? 0 : 1);
      let least = Math.min(changed, (last[at] as number) + 1, (now[at - 1] as number) + 1);
      const isSwapped = row > 1 && at > 1 && typed[row - 1] === key[at - 2] && typed[row - 2] === key[at - 1];
      if (isSwapped) least = Math.min(least, (before[at - 2] as number) + 1);
      now.push(least);
    }
    [before, last] = [last, now];
  }
  return Math.min(...last);
}
