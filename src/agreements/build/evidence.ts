import { digestOf } from '../../crypto/index.ts';
import { listOf, oneOf } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { EvidenceFile } from '../read/kinds/contract.ts';
import type { EvidenceType } from '../types.ts';
import { demandArticle, demandRole, demandSameName, demandTransaction } from './contract.ts';
import { useText } from './texts.ts';
import type { World } from './world.ts';

/** The evidence types: whom they are asked of, on which ground, and what the facts look like. */
export function buildEvidence(draft: Draft, world: World): Record<string, EvidenceType> {
  const built: Record<string, EvidenceType> = {};
  for (const [file, read] of draft.evidence.items) {
    const type = buildOne(draft, world, file, read);
    if (type !== undefined) built[type.type] = type;
  }
  return built;
}

function buildOne(draft: Draft, world: World, file: string, read: Read<EvidenceFile>): EvidenceType | undefined {
  const { raw, source } = read;
  const text = (id: string, ...path: string[]): string => useText(draft, id, source.at(path));
  demandSameName(draft, file, raw.evidence, source, 'evidence');
  demandRole(draft, raw.servedBy, source, ['servedBy']);
  demandArticle(draft, raw.ground.article, source, ['ground', 'article']);
  demandTransaction(draft, raw.transaction, { operation: 'fetchEvidence', of: raw.evidence }, source, ['transaction']);
  checkLabels(draft, read);
  checkFieldsOfServices(draft, read);

  const labels: Record<string, string> = {};
  for (const [path, id] of Object.entries(raw.labels)) labels[path] = text(id, 'labels', path);
  const schema = raw.schema as Json;
  const wanted = { types: { ...world.fields, home: oneOf(...world.parties) }, expect: listOf(oneOf(...world.parties)) };
  const from = world.whole ? expressionAt(source, ['from'], raw.from, wanted, draft.findings) : undefined;
  const feelType = world.evidence[raw.as];
  if (from === undefined || feelType === undefined || world.refusedSchemas.has(file)) return undefined;
  return {
    type: raw.evidence,
    as: raw.as,
    title: text(raw.title, 'title'),
    summary: text(raw.summary, 'summary'),
    schema,
    schemaDigest: digestOf(schema),
    labels,
    servedBy: raw.servedBy,
    purpose: raw.purpose,
    ground: raw.ground,
    maxAge: raw.maxAge,
    from,
    cardinality: raw.cardinality,
    ...(raw.localId === undefined ? {} : { localId: raw.localId }),
    transaction: raw.transaction,
    feelType,
  };
}

interface ObjectSchema {
  properties?: Record<string, ObjectSchema>;
  items?: ObjectSchema;
}

/** Labels name every fact of the schema, and nothing else. */
function checkLabels(draft: Draft, { raw, source }: Read<EvidenceFile>): void {
  const { findings } = draft;
  const paths = pathsOf(raw.schema as ObjectSchema, '');
  const labels = Object.keys(raw.labels);
  const lost = labels.find((path) => !paths.includes(path));
  const bare = paths.find((path) => !labels.includes(path));
  const at = source.at(['labels']);
  if (lost !== undefined) findings.add('AGREEMENT_LABELS', { reason: `the schema has no ${lost}` }, at);
  if (bare !== undefined) findings.add('AGREEMENT_LABELS', { reason: `${bare} has no label` }, at);
}

/** The paths of all facts: `periods`, `periods.employer`. */
function pathsOf(schema: ObjectSchema, prefix: string): string[] {
  const inner = schema.items ?? schema;
  return Object.entries(inner.properties ?? {}).flatMap(([name, fact]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [path, ...pathsOf(fact, path)];
  });
}

/** The consent and the person's own number are fields of every service that fetches this evidence. */
function checkFieldsOfServices(draft: Draft, { raw, source }: Read<EvidenceFile>): void {
  const { findings } = draft;
  if (raw.ground.kind === 'consent' && raw.ground.field === undefined) {
    findings.add('AGREEMENT_CONSENT_FIELD', { name: 'field' }, source.at(['ground']));
  }
  for (const service of draft.services.items.values()) {
    if (!service.raw.evidence.includes(raw.evidence)) continue;
    const { fields } = service.raw;
    const consent = raw.ground.field;
    if (consent !== undefined && fields[consent]?.type !== 'yesNo') {
      findings.add('AGREEMENT_CONSENT_FIELD', { name: consent }, source.at(['ground', 'field']));
    }
    if (raw.localId !== undefined && fields[raw.localId]?.type !== 'textByState') {
      findings.add('AGREEMENT_FIELD_UNKNOWN', { name: raw.localId }, source.at(['localId']));
    }
  }
}
