import { DATE, type FeelType, NUMBER, oneOf } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Draft } from '../read/draft.ts';
import { type SchemaProblem, typeOfField, typeOfSchema } from './feel-types.ts';
import { openNameBook } from './names.ts';

/** What expressions of an agreement can speak of, with types. */
export interface World {
  parties: readonly string[];
  /** Every field of every service. */
  fields: Readonly<Record<string, FeelType>>;
  /** Every evidence type, under its name in expressions. */
  evidence: Readonly<Record<string, FeelType>>;
  /** Evidence name in expressions -> evidence type. */
  evidenceNames: ReadonlyMap<string, string>;
  /** Evidence types whose schema was refused: it must not be run over any facts. */
  refusedSchemas: ReadonlySet<string>;
  /** `home` and `claimDate`: what a form knows besides the answers. */
  form: Readonly<Record<string, FeelType>>;
  /** `home`, `decider`, the three dates and the lot: what a rule knows besides the facts. */
  rule: Readonly<Record<string, FeelType>>;
  /** Whether all files that types come from could be read: if not, expressions are not judged. */
  whole: boolean;
}

/** Collects names and types, and reports names that mean two things. */
export function openWorld(draft: Draft): World {
  const parties = draft.contract?.raw.parties ?? [];
  const book = openNameBook(draft);
  const fields: Record<string, FeelType> = {};
  const evidence: Record<string, FeelType> = {};
  const evidenceNames = new Map<string, string>();
  const refusedSchemas = new Set<string>();

  for (const { raw, source } of draft.services.items.values()) {
    for (const [name, field] of Object.entries(raw.fields)) {
      const type = typeOfField(field, { parties, languages: LANGUAGES });
      const same = fields[name];
      // Two services may ask the same thing, then it is the same name; otherwise it is two things.
      if (same === undefined || JSON.stringify(same) !== JSON.stringify(type)) {
        book.take(name, `the field ${name}`, source, ['fields', name]);
      }
      fields[name] ??= type;
    }
  }
  for (const [type, { raw, source }] of draft.evidence.items) {
    book.take(raw.as, `the evidence ${type}`, source, ['as']);
    const problems: SchemaProblem[] = [];
    const facts = typeOfSchema(raw.schema as Json, problems, ['schema']);
    for (const { path, reason } of problems) draft.findings.add('AGREEMENT_SCHEMA', { reason }, source.at(path));
    if (problems.length > 0) refusedSchemas.add(type);
    evidence[raw.as] = factsType(raw.cardinality, facts, parties);
    evidenceNames.set(raw.as, type);
  }
  for (const { raw, source } of draft.rules.items.values()) {
    for (const name of Object.keys(raw.functions ?? {}))
      book.take(name, `the function ${name}`, source, ['functions', name]);
    for (const name of Object.keys(raw.rules)) book.take(name, `the rule ${name}`, source, ['rules', name]);
  }

  const state = oneOf(...parties);
  return {
    parties,
    fields,
    evidence,
    evidenceNames,
    refusedSchemas,
    form: { home: state, claimDate: DATE },
    rule: { home: state, decider: state, claimDate: DATE, entitlementDate: DATE, decisionDate: DATE, lot: NUMBER },
    whole:
      draft.contract !== undefined &&
      [draft.services, draft.evidence, draft.rules].every((shelf) => shelf.broken.size === 0),
  };
}

/** With `each`, a list with one item a state; the state is the signer's, whatever the facts say. */
function factsType(cardinality: 'one' | 'each', facts: FeelType, parties: readonly string[]): FeelType {
  if (cardinality === 'one' || facts.kind !== 'context') return facts;
  return { kind: 'list', item: { kind: 'context', entries: { ...facts.entries, state: oneOf(...parties) } } };
}
