import { type FeelType, listOf, STRING } from '../../feel/index.ts';
import type { Draft } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { DocumentType, Expression } from '../types.ts';
import { demandSameName } from './contract.ts';
import type { BuiltRules } from './rules.ts';
import { useText } from './texts.ts';
import type { World } from './world.ts';

/** Names that only a document knows: the decision is made. */
const DECISION_TYPES: Readonly<Record<string, FeelType>> = { articles: listOf(STRING) };

/** The documents: claims over the finished decision, and the lines of the printed page. */
export function buildDocuments(draft: Draft, world: World, rules: BuiltRules): Record<string, DocumentType> {
  const built: Record<string, DocumentType> = {};
  const types: Record<string, FeelType> = { ...rules.types, ...DECISION_TYPES };
  for (const [file, { raw, source }] of draft.documents.items) {
    const text = (id: string, ...path: (string | number)[]): string => useText(draft, id, source.at(path));
    demandSameName(draft, file, raw.document, source, 'document');
    const claims: Record<string, Expression> = {};
    const labels: Record<string, string> = {};
    const selective: string[] = [];
    for (const [name, claim] of Object.entries(raw.claims)) {
      const path = ['claims', name];
      labels[name] = text(claim.label, ...path, 'label');
      if (claim.selective === true) selective.push(name);
      if (!world.whole) continue;
      const value = expressionAt(source, [...path, 'value'], claim.value, { types }, draft.findings);
      if (value !== undefined) claims[name] = value;
    }
    const lines = raw.lines.map((id, index) => text(id, 'lines', index));
    const { document, vct, title, validFor } = raw;
    built[document] = { type: document, vct, title: text(title, 'title'), claims, labels, selective, lines, validFor };
  }
  return built;
}
