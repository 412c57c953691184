import type { Agreement, DocumentType } from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import type { View } from '../ui/index.ts';
import { articleTitle, ruleWords, textOf } from './agreement-words.ts';
import { valueWords } from './values.ts';

interface Known {
  view: View;
  agreement: Agreement;
  type: DocumentType;
}

/** The agreement that knows a type of document, with the type; undefined where none does. */
export function findDocumentType(
  agreements: readonly Agreement[],
  name: string,
): { agreement: Agreement; type: DocumentType } | undefined {
  for (const agreement of agreements) {
    const type = Object.hasOwn(agreement.documents, name) ? agreement.documents[name] : undefined;
    if (type !== undefined) return { agreement, type };
  }
  return undefined;
}

/** The type of a document by its credential type (SD-JWT VC `vct`), with its agreement; undefined where none issues it. */
export function findCredentialType(
  agreements: readonly Agreement[],
  vct: string,
): { agreement: Agreement; type: DocumentType } | undefined {
  for (const agreement of agreements) {
    const type = Object.values(agreement.documents).find((one) => one.vct === vct);
    if (type !== undefined) return { agreement, type };
  }
  return undefined;
}

/** The claims of a document in the order in which its agreement labels them; what it does not label is for machines. */
export function claimRows(known: Known, claims: Readonly<Record<string, Json>>): { label: string; value: string }[] {
  const { view, agreement, type } = known;
  return Object.entries(type.labels).flatMap(([claim, label]) =>
    Object.hasOwn(claims, claim)
      ? [{ label: textOf(view, agreement, label), value: claimWords(known, claim, claims[claim] ?? null) }]
      : [],
  );
}

/** A claim as words: what a rule gave has the rule's words, an article its title. A list has one thing on each line. */
function claimWords({ view, agreement, type }: Known, claim: string, value: Json): string {
  const rule = type.claims[claim]?.source.trim() ?? '';
  const one = (item: Json): string =>
    typeof item === 'string' && Object.hasOwn(agreement.articles, item)
      ? articleTitle(view, agreement, item)
      : Object.hasOwn(agreement.rules, rule)
        ? ruleWords(view, agreement, rule, item)
        : valueWords(view, item);
  return Array.isArray(value) ? value.map(one).join('\n') : one(value);
}

/** The agreement's own sentences for the page of a document, with claims as their parameters. */
export function documentNotes(known: Known, claims: Readonly<Record<string, Json>>): string[] {
  const { view, agreement, type } = known;
  const params = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'string' ? value : valueWords(view, value),
    ]),
  );
  return type.lines.map((line) => agreement.text(view.language, line, params));
}
