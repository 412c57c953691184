import { digestOf } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import {
  formatDate,
  formatDuration,
  formatList,
  formatNumber,
  type Language,
  stateName,
  type TextId,
  type TextParams,
  texts,
} from '../../texts/index.ts';
import type { Agreement } from '../types.ts';
import { type Book, openBook } from './wording/book.ts';

/** What a printed agreement is of; SHA-256 over canonical JSON, hexadecimal. */
export interface Digests {
  contract: string;
  /** Over state -> digest of its annex. */
  annexes: string;
  texts: string;
  /** Over the scenarios: nobody ratifies them, and the document shows them. */
  examples: string;
}

/** The digests of all that a printed agreement shows: the same ones give the same bytes. */
export function digestsOf(agreement: Agreement): Digests {
  const { contractDigest, annexes, textsDigest } = agreement;
  const byState = Object.fromEntries(Object.values(annexes).map(({ state, digest }) => [state, digest]));
  const scenarios = agreement.scenarios.map(({ at: _at, ...scenario }) => scenario);
  return {
    contract: contractDigest,
    annexes: digestOf(byState),
    texts: textsDigest,
    examples: digestOf(scenarios as unknown as Json),
  };
}

/** What every part of the printed agreement is made with. */
export interface Sheet {
  agreement: Agreement;
  language: Language;
  book: Book;
  /** The digests that the document is of. */
  digests: Digests;
  /** A text of the catalogues. */
  say(id: TextId, params?: TextParams): string;
  /** A text of the catalogues under an id that is put together. */
  find(id: string, params?: TextParams): string | undefined;
  /** A text of the agreement. */
  text(id: string): string;
  state(code: string): string;
  states(codes: readonly string[]): string;
  date(date: string): string;
  duration(duration: string): string;
  number(value: number): string;
  list(words: string[]): string;
}

export function openSheet(agreement: Agreement, language: Language): Sheet {
  const { say, find } = texts(language);
  const state = (code: string): string => stateName(language, code);
  return {
    ...{ agreement, language, say, find, state },
    book: openBook(agreement, language),
    digests: digestsOf(agreement),
    text: (id) => agreement.text(language, id),
    states: (codes) => formatList(language, codes.map(state)),
    date: (date) => formatDate(language, date),
    duration: (duration) => formatDuration(language, duration),
    number: (value) => formatNumber(language, value),
    list: (words) => formatList(language, words),
  };
}
