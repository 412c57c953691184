import { digestOf } from '../../crypto/index.ts';
import { listOf, oneOf } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { EvidenceFile } from '../read/kinds/contract.ts';
import type { EvidenceType, Field } from '../types.ts';
import { demandArticle, demandRole, demandSameName, demandTransaction } from './contract.ts';
import { typeOfField } from './feel-types.ts';
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
  if (raw.ground.kind === 'consent' && draft.contract?.raw.articles[raw.ground.article]?.withholdFor !== undefined)
    draft.findings.add('AGREEMENT_WITHHOLD_CONSENT', { name: raw.evidence }, source.at(['ground', 'article']));
  const opinion = draft.contract?.raw.transactions[raw.transaction]?.operation === 'giveOpinion';
  const operation = opinion ? 'giveOpinion' : 'fetchEvidence';
  demandTransaction(draft, raw.transaction, { operation, of: raw.evidence }, source, ['transaction']);
  if (opinion) checkOpinion(draft, read);
  checkLabels(draft, read);
  checkWords(draft, read);
  checkFieldsOfServices(draft, read);

  const labels: Record<string, string> = {};
  for (const [path, id] of Object.entries(raw.labels)) labels[path] = text(id, 'labels', path);
  const words: EvidenceType['words'] = {};
  for (const [path, values] of Object.entries(raw.words ?? {})) {
    words[path] = Object.fromEntries(Object.entries(values).map(([one, id]) => [one, text(id, 'words', path, one)]));
  }
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
    words,
    servedBy: raw.servedBy,
    purpose: raw.purpose,
    ground: raw.ground,
    maxAge: raw.maxAge,
    from,
    cardinality: raw.cardinality,
    ...(raw.localId === undefined ? {} : { localId: raw.localId }),
    transaction: raw.transaction,
    opinion,
    asks: opinion ? opinionFields(schema as ObjectSchema, labels) : {},
    feelType,
  };
}

interface ObjectSchema {
  type?: string;
  format?: string;
  maxLength?: number;
  required?: string[];
  enum?: unknown[];
  properties?: Record<string, ObjectSchema>;
  items?: ObjectSchema;
}

/** A question for each fact of a flat schema. */
function opinionFields(
  { properties = {}, required = [] }: ObjectSchema,
  labels: Record<string, string>,
): Record<string, Field> {
  const fields = Object.entries(properties).map(([name, fact]): [string, Field] => {
    const type =
      fact.type === 'boolean' ? 'yesNo' : fact.type !== 'string' ? 'number' : fact.format === 'date' ? 'date' : 'text';
    return [
      name,
      {
        ...{ name, type, text: labels[name] ?? name, required: required.includes(name) },
        maxLength: fact.maxLength ?? LONGEST_WORDS,
        ...(type === 'number' ? { decimals: fact.type === 'integer' ? 0 : 2 } : {}),
        feelType: typeOfField({ type }, { parties: [], languages: LANGUAGES }),
      },
    ];
  });
  return Object.fromEntries(fields);
}

const LONGEST_WORDS = 1000;

const ASKED = ['boolean', 'string', 'number', 'integer'];

/** Officers are asked plain questions, under the law: nobody asks her for her consent to it, and nobody looks for her in a register. */
function checkOpinion({ findings }: Draft, { raw, source }: Read<EvidenceFile>): void {
  const wrong = (reason: string, ...path: string[]): void =>
    findings.add('AGREEMENT_OPINION_SHAPE', { name: raw.evidence, reason }, source.at(path));
  if (raw.ground.kind !== 'law') wrong('its ground is a law', 'ground');
  if (raw.localId !== undefined) wrong('it is looked up nowhere', 'localId');
  const facts = Object.entries((raw.schema as ObjectSchema).properties ?? {});
  for (const [name, fact] of facts) {
    const plain = fact.enum === undefined && ASKED.includes(fact.type ?? '');
    if (!plain)
      wrong(`an officer says yes or no, a text, a number or a date, and ${name} is none`, 'schema', 'properties', name);
  }
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

/** Words stand for the values of an `enum`: for each of them, and for nothing else. */
function checkWords({ findings }: Draft, { raw, source }: Read<EvidenceFile>): void {
  for (const [path, words] of Object.entries(raw.words ?? {})) {
    const values = valuesAt(raw.schema as ObjectSchema, path.split('.'));
    const wrong = (reason: string): void => findings.add('AGREEMENT_LABELS', { reason }, source.at(['words', path]));
    const lost = Object.keys(words).find((one) => !values.includes(one));
    const bare = values.find((one) => typeof one === 'string' && !Object.hasOwn(words, one));
    if (values.length === 0) wrong(`${path} has no enum that words could stand for`);
    else if (lost !== undefined) wrong(`${path} is never ${lost}`);
    else if (bare !== undefined) wrong(`${String(bare)} of ${path} has no word`);
  }
}

/** What a fact can be, where its schema names it. */
function valuesAt(schema: ObjectSchema | undefined, [name, ...rest]: string[]): unknown[] {
  const inner = schema?.items ?? schema;
  if (name === undefined) return inner?.enum ?? [];
  return valuesAt(inner?.properties?.[name], rest);
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
