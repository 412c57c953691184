import { DATE, type FeelType, listOf, NUMBER, oneOf, STRING } from '../../../feel/index.ts';
import { type Language, type TextId, texts } from '../../../texts/index.ts';
import type { Agreement } from '../../types.ts';
import { type Phrase, sentence, type Wording } from './phrase.ts';

/** What rules are put into words with: an agreement and a language. */
export interface Book {
  agreement: Agreement;
  language: Language;
  /** A text of the agreement. */
  text(id: string): string;
  /** Types of all names that an expression of the agreement can use. */
  types: Readonly<Record<string, FeelType>>;
}

/** An id below `wording.` in the catalogues. */
export type WordId = { [Id in TextId]: Id extends `wording.${infer Rest}` ? Rest : never }[TextId];

export function openBook(agreement: Agreement, language: Language): Book {
  return { agreement, language, text: (id) => agreement.text(language, id), types: typesOf(agreement) };
}

function typesOf(agreement: Agreement): Record<string, FeelType> {
  const state = oneOf(...agreement.parties);
  const types: Record<string, FeelType> = {
    ...{ home: state, decider: state, claimDate: DATE, entitlementDate: DATE, decisionDate: DATE },
    lot: NUMBER,
    asked: state,
    articles: listOf(STRING),
  };
  for (const { fields } of Object.values(agreement.services)) {
    for (const field of Object.values(fields)) types[field.name] = field.feelType;
  }
  for (const { as, feelType } of Object.values(agreement.evidence)) types[as] = feelType;
  for (const { name, feelType } of Object.values(agreement.functions)) types[name] = feelType;
  for (const { name, feelType } of Object.values(agreement.rules)) types[name] = feelType;
  return types;
}

// Signs of the private use area stand where a phrase goes: no catalogue holds them.
const [OPEN, CLOSE] = ['\uE000', '\uE001'];

/** A sentence of the catalogues with phrases in its places. @example fill(book, 'lt', { a, b }) */
export function fill(
  { language }: Pick<Book, 'language'>,
  id: WordId,
  slots: Readonly<Record<string, Phrase>> = {},
): Phrase {
  const marks = Object.fromEntries(Object.keys(slots).map((name) => [name, `${OPEN}${name}${CLOSE}`]));
  const said = texts(language).say(`wording.${id}`, marks);
  return said.split(OPEN).flatMap((piece, index): Phrase => {
    if (index === 0) return piece === '' ? [] : [{ kind: 'text', text: piece }];
    const [name = '', after = ''] = piece.split(CLOSE);
    return [...(slots[name] ?? []), ...(after === '' ? [] : [{ kind: 'text' as const, text: after }])];
  });
}

/** The same as a wording; `tail` is the slot that stands last, and what is listed below it stays listed. */
export function phrased(
  book: Book,
  id: WordId,
  slots: Readonly<Record<string, Phrase>>,
  tail?: readonly [name: string, wording: Wording],
): Wording {
  if (tail === undefined) return sentence(fill(book, id, slots));
  const [name, last] = tail;
  return sentence(fill(book, id, { ...slots, [name]: last.phrase }), last.items);
}
