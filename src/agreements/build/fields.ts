import { BOOLEAN, type FeelType, listOf, oneOf } from '../../feel/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { FieldShape, ServiceFile } from '../read/kinds/contract.ts';
import type { Path } from '../read/yaml.ts';
import type { Expression, Field, FieldType, FileBounds, ListOfThings } from '../types.ts';
import { typeOfField } from './feel-types.ts';
import { openNameBook } from './names.ts';
import { useText } from './texts.ts';
import type { World } from './world.ts';

/** How long a text may be, how large a file, how many things a list has, where the agreement does not say. */
const DEFAULTS = { maxLength: 200, largest: '2MB', most: 20 } as const;
const FILE_KINDS = ['pdf', 'png', 'jpeg'] as const;

/** The types of a service's own fields. */
export function ownTypes(world: World, raw: ServiceFile): Record<string, FeelType> {
  const types: Record<string, FeelType> = {};
  for (const name of Object.keys(raw.fields)) {
    const type = world.fields[name];
    if (type !== undefined) types[name] = type;
  }
  return types;
}

/** The fields of a service, with those of the things in its lists. Findings: AGREEMENT_FIELD_SHAPE, AGREEMENT_NAME_TAKEN. */
export function buildFields(draft: Draft, world: World, read: Read<ServiceFile>): Record<string, Field> {
  const types = { ...ownTypes(world, read.raw), ...world.form };
  return buildAll({ draft, world, read, types }, read.raw.fields, ['fields']);
}

/** What an officer is asked before a notice goes out: plain questions, which see nothing but each other. */
export function buildAsks(
  draft: Draft,
  world: World,
  read: Read<ServiceFile>,
  written: Readonly<Record<string, FieldShape>>,
  path: Path,
): Record<string, Field> {
  const known = { parties: world.parties, languages: LANGUAGES };
  const types = Object.fromEntries(Object.entries(written).map(([name, field]) => [name, typeOfField(field, known)]));
  for (const [name, { type }] of Object.entries(written)) {
    if (type !== 'file') continue;
    const reason = 'an officer is not asked for a file';
    draft.findings.add('AGREEMENT_FIELD_SHAPE', { name, reason }, read.source.at([...path, name]));
  }
  return buildAll({ draft, world, read, types }, written, path);
}

/** Where fields are built, and what their expressions see. */
interface Place {
  draft: Draft;
  world: World;
  read: Read<ServiceFile>;
  types: Readonly<Record<string, FeelType>>;
}

function buildAll(place: Place, written: Readonly<Record<string, FieldShape>>, path: Path): Record<string, Field> {
  const entries = Object.entries(written).map(
    ([name, field]) => [name, buildField(place, name, field, [...path, name])] as const,
  );
  return Object.fromEntries(entries);
}

function buildField(place: Place, name: string, field: FieldShape, path: Path): Field {
  const { draft, world, read, types } = place;
  const { source } = read;
  for (const reason of misfits(field)) {
    draft.findings.add('AGREEMENT_FIELD_SHAPE', { name, reason }, source.at(path));
  }
  const expression = (
    key: string,
    written: string | undefined,
    expect: FeelType,
    seen: Place['types'] = types,
  ): Expression | undefined =>
    written === undefined || !world.whole
      ? undefined
      : expressionAt(source, [...path, ...key.split('.')], written, { types: seen, expect }, draft.findings);
  const text = (id: string, ...at: string[]): string => useText(draft, id, source.at([...path, ...at]));
  const states = listOf(oneOf(...world.parties));

  const among = expression('among', field.among, states);
  const when = expression('when', field.when, BOOLEAN);
  const test = expression('valid.test', field.valid?.test, BOOLEAN);
  const sentTo = expression('sentTo', field.sentTo, states, {
    ...ownTypes(world, read.raw),
    home: oneOf(...world.parties),
  });
  const options = Object.entries(field.options ?? {}).map(
    ([value, id]) => [value, text(id, 'options', value)] as const,
  );
  const error = field.valid === undefined ? undefined : text(field.valid.error, 'valid', 'error');
  return {
    name,
    type: field.type,
    text: text(field.text, 'text'),
    ...(field.hint === undefined ? {} : { hint: text(field.hint, 'hint') }),
    ...(field.options === undefined ? {} : { options: Object.fromEntries(options) }),
    ...(among === undefined ? {} : { among }),
    required: field.type === 'list' ? boundsOf(field).least > 0 : (field.required ?? true),
    ...(when === undefined ? {} : { when }),
    ...(test === undefined || error === undefined ? {} : { valid: { test, error } }),
    maxLength: field.maxLength ?? DEFAULTS.maxLength,
    ...(field.unit === undefined ? {} : { unit: text(field.unit, 'unit') }),
    ...(field.decimals === undefined ? {} : { decimals: field.decimals }),
    ...(field.type === 'file' ? { file: fileBounds(field, sentTo) } : {}),
    ...(field.type === 'list' ? { list: buildList(place, name, field, path) } : {}),
    feelType: typeOfField(field, { parties: world.parties, languages: LANGUAGES }),
  };
}

/** Which keys belong to which types of field. */
const BELONGS: Partial<Record<keyof FieldShape, readonly FieldType[]>> = {
  options: ['choice', 'choices'],
  among: ['state', 'states', 'textByState'],
  unit: ['number'],
  decimals: ['number'],
  kinds: ['file'],
  largest: ['file'],
  sentTo: ['file'],
  item: ['list'],
  fields: ['list'],
  least: ['list'],
  most: ['list'],
};
/** What a type of field cannot be without. */
const NEEDED: Partial<Record<FieldType, readonly (keyof FieldShape)[]>> = {
  choice: ['options'],
  choices: ['options'],
  list: ['item', 'fields'],
};

/** What does not fit the type of a field, in words. */
function misfits(field: FieldShape): string[] {
  const keys = Object.keys(BELONGS) as (keyof FieldShape)[];
  const alien = keys.filter((key) => field[key] !== undefined && BELONGS[key]?.includes(field.type) !== true);
  const lost = NEEDED[field.type]?.filter((key) => field[key] === undefined) ?? [];
  const { least, most, fields } = boundsOf(field);
  return [
    ...alien.map((key) => `${field.type} has no ${key}`),
    ...lost.map((key) => `${field.type} needs ${key}`),
    ...(field.type === 'list' && (least > most || most === 0) ? ['least is at most most, and most is at least 1'] : []),
    ...(field.type === 'list' && field.fields !== undefined && fields === 0
      ? ['a thing has at least one question']
      : []),
  ];
}

function boundsOf(field: FieldShape) {
  const least = field.least ?? ((field.required ?? true) ? 1 : 0);
  return { least, most: field.most ?? Math.max(DEFAULTS.most, least), fields: Object.keys(field.fields ?? {}).length };
}

/** A thing's questions see the answers given before and the thing's own; a name may mean one of both only. */
function buildList(place: Place, name: string, field: FieldShape, path: Path): ListOfThings {
  const { draft, world, read } = place;
  const { source } = read;
  const book = openNameBook(draft);
  for (const own of Object.keys(read.raw.fields)) book.take(own, `the field ${own}`, source, ['fields', own]);
  const types = { ...place.types };
  for (const [own, one] of Object.entries(field.fields ?? {})) {
    book.take(own, `a question of ${name}`, source, [...path, 'fields', own]);
    types[own] = typeOfField(one, { parties: world.parties, languages: LANGUAGES });
  }
  const { least, most } = boundsOf(field);
  return {
    item: field.item === undefined ? '' : useText(draft, field.item, source.at([...path, 'item'])),
    fields: buildAll({ ...place, types }, field.fields ?? {}, [...path, 'fields']),
    least,
    most,
  };
}

function fileBounds(field: FieldShape, sentTo: Expression | undefined): FileBounds {
  const [, number = '', unit = ''] = /^([0-9]+)(kB|MB)$/.exec(field.largest ?? DEFAULTS.largest) ?? [];
  return {
    kinds: field.kinds ?? [...FILE_KINDS],
    largest: Number(number) * (unit === 'MB' ? 1_000_000 : 1_000),
    ...(sentTo === undefined ? {} : { sentTo }),
  };
}
