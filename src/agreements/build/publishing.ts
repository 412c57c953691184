import { digestOf } from '../../crypto/index.ts';
import { LANGUAGES, type Language } from '../../texts/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { MigrationFile } from '../read/kinds/publishing.ts';
import type { Agreement, FieldMove, Migration, Service } from '../types.ts';
import { demandSameName } from './contract.ts';

/**
 * The approvals that hold: each is of the very texts that stand there. Whoever changes a sentence makes the language a draft again.
 */
export function buildApprovals(draft: Draft): Agreement['approvals'] {
  const written = draft.approvals.items.get('approvals')?.raw ?? {};
  const found: Agreement['approvals'] = {};
  for (const language of LANGUAGES) {
    const { digest, ...approval } = written[language] ?? {};
    const value = draft.values.get(`texts/${language}.yaml`);
    if (digest !== undefined && value !== undefined && digest === digestOf(value)) {
      found[language] = approval as NonNullable<Agreement['approvals'][Language]>;
    }
  }
  return found;
}

/** What an approval is of: the digest of the texts of a language as they stand. @example translationDigest(agreement, 'kk') */
export function translationDigest({ messages }: Pick<Agreement, 'messages'>, language: Language): string {
  return digestOf(Object.fromEntries(messages.get(language) ?? []));
}

/**
 * The migrations. What they lead to must be this contract; the one they come from is held against them when they are published.
 * Findings: AGREEMENT_MIGRATION_TO, AGREEMENT_MIGRATION_SHAPE, AGREEMENT_SERVICE_UNKNOWN, AGREEMENT_FIELD_UNKNOWN.
 */
export function buildMigrations(draft: Draft, services: Record<string, Service>, contract: string): Migration[] {
  const { findings } = draft;
  const written = [...draft.migrations.items];
  const arrives = written.some(([, { raw }]) => raw.to === contract);
  return written.map(([file, read], index) => {
    const { raw, source } = read;
    demandSameName(draft, file, raw.migration, source, 'migration');
    // Those of earlier contracts may stay: drafts come from far back.
    const current = raw.to === contract || (!arrives && index === written.length - 1);
    const moves = buildMoves(draft, current ? services : undefined, read);
    // Told when everything else is right: until then the digest changes with every correction.
    if (current && raw.to !== contract && findings.count === 0) {
      const hint = `The contract of this folder is ${contract}. Write it under \`to\` when everything else is done.`;
      findings.add('AGREEMENT_MIGRATION_TO', { name: raw.migration }, source.at(['to']), hint);
    }
    return { name: raw.migration, from: raw.from, to: raw.to, services: moves };
  });
}

/** What becomes of each field. @param services of the contract that it leads to, where that is this one */
function buildMoves(
  { findings }: Draft,
  services: Record<string, Service> | undefined,
  { raw, source }: Read<MigrationFile>,
): Migration['services'] {
  const moves: Migration['services'] = {};
  for (const [name, { fields }] of Object.entries(raw.services)) {
    const path = ['services', name];
    const known = services === undefined || Object.hasOwn(services, name);
    if (!demand(known, 'AGREEMENT_SERVICE_UNKNOWN', name, source, path, findings)) continue;
    moves[name] = {};
    for (const [field, move] of Object.entries(fields)) {
      const at = [...path, 'fields', field];
      const asked = services === undefined || Object.hasOwn(services[name]?.fields ?? {}, field);
      demand(asked, 'AGREEMENT_FIELD_UNKNOWN', field, source, at, findings);
      if (isMove(move)) moves[name][field] = move as FieldMove;
      else findings.add('AGREEMENT_MIGRATION_SHAPE', { name: field }, source.at(at));
    }
  }
  return moves;
}

type WrittenMove = MigrationFile['services'][string]['fields'][string];

/** From a field, perhaps value by value, or asked again: one of the two. */
const isMove = ({ from, values, ask }: WrittenMove): boolean =>
  (from === undefined) !== (ask === undefined) && (ask === undefined || values === undefined);
