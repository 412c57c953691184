import { Failure, type Json } from '../../storage/index.ts';
import { formatDate, formatList, formatNumber, type Language, stateName } from '../../texts/index.ts';
import type { Agreement, DocumentType } from '../types.ts';

/** The words of a document's printed page, in one language. */
export interface PageWords {
  language: Language;
  title: string;
  lines: { label: string; value: string }[];
  /** Sentences below the lines. */
  notes: string[];
}

/**
 * The printed page of a document: its claims as labelled lines, its sentences with the claims filled in.
 * @param claims as `claimsOf` gave them, or as a verifier read them; a claim that is not there has no line
 * @throws Failure AGREEMENT_NO_DOCUMENT
 * @example documentPage(agreement, 'pension-award', { state: 'ru', months: 13 }, 'kk').title
 */
export function documentPage(
  agreement: Agreement,
  type: string,
  claims: Readonly<Record<string, Json>>,
  language: Language,
): PageWords {
  const document = Object.hasOwn(agreement.documents, type) ? agreement.documents[type] : undefined;
  if (document === undefined) throw new Failure('AGREEMENT_NO_DOCUMENT', { agreement: agreement.name, type });
  const lines = Object.entries(document.labels).flatMap(([name, label]) => {
    const value = claims[name] ?? null;
    if (value === null) return [];
    return [{ label: agreement.text(language, label), value: claimWords(agreement, document, name, value, language) }];
  });
  const params = Object.entries(claims).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  const values = Object.fromEntries(params) as Record<string, string | number>;
  const notes = document.lines.map((id) => agreement.text(language, id, values));
  return { language, title: agreement.text(language, document.title), lines, notes };
}

function claimWords(
  agreement: Agreement,
  document: DocumentType,
  claim: string,
  value: Json,
  language: Language,
): string {
  if (typeof value === 'number') return formatNumber(language, value);
  if (Array.isArray(value)) {
    return formatList(
      language,
      value.map((item) => claimWords(agreement, document, claim, item, language)),
    );
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  const expression = document.claims[claim];
  const words = agreement.rules[expression?.source.trim() ?? '']?.words[value] ?? agreement.articles[value]?.title;
  if (words !== undefined) return agreement.text(language, words);
  if (agreement.parties.includes(value)) return stateName(language, value);
  return formatDate(language, value);
}
