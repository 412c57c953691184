import {
  BOOLEAN,
  contextOf,
  DATE,
  DATE_TIME,
  DAYS_TIME,
  type FeelType,
  listOf,
  NUMBER,
  oneOf,
  STRING,
  YEARS_MONTHS,
} from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import type { FieldShape } from '../read/kinds/contract.ts';
import type { RULE_TYPES } from '../read/kinds/rules.ts';

/** The part of JSON Schema 2020-12 that facts are described with: all of it can be checked in linear time. */
const KEYWORDS: Record<string, readonly string[]> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['enum', 'const', 'format', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
};
const EVERYWHERE = ['type', 'title', 'description', '$schema'];

/** What is wrong with a schema, and where in it. */
export interface SchemaProblem {
  path: (string | number)[];
  reason: string;
}

/**
 * The FEEL type of the facts that a JSON Schema describes. Refuses keywords outside the supported part: `pattern` among them, since
 * a pattern from a stranger can take exponential time, and `$ref`, since a schema must stand by itself.
 * @param problems is filled with what is wrong
 */
export function typeOfSchema(schema: Json, problems: SchemaProblem[], path: (string | number)[] = []): FeelType {
  const refuse = (reason: string, ...at: (string | number)[]): FeelType => {
    problems.push({ path: [...path, ...at], reason });
    return STRING;
  };
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return refuse('a schema is a group of keys');
  const type = nullable(schema.type);
  const allowed = type === undefined ? undefined : KEYWORDS[type];
  if (type === undefined || allowed === undefined) return refuse('it has no type that is known', 'type');
  for (const keyword of Object.keys(schema)) {
    if (!allowed.includes(keyword) && !EVERYWHERE.includes(keyword)) refuse(`${keyword} of ${type}`, keyword);
  }
  switch (type) {
    case 'object':
      return objectType(schema, problems, path, refuse);
    case 'array':
      return listOf(typeOfSchema(schema.items ?? null, problems, [...path, 'items']));
    case 'string':
      return textType(schema, refuse);
    case 'boolean':
      return BOOLEAN;
    default:
      return NUMBER;
  }
}

function nullable(type: Json | undefined): string | undefined {
  if (typeof type === 'string') return type;
  if (!Array.isArray(type) || type.length !== 2 || type[1] !== 'null') return undefined;
  return typeof type[0] === 'string' ? type[0] : undefined;
}

type Refuse = (reason: string, ...at: (string | number)[]) => FeelType;

function objectType(
  schema: { [key: string]: Json },
  problems: SchemaProblem[],
  path: (string | number)[],
  refuse: Refuse,
): FeelType {
  const { properties, required = [] } = schema;
  if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) {
    return refuse('an object names its properties');
  }
  if (schema.additionalProperties !== false) refuse('an object is closed by `additionalProperties: false`');
  const names = Object.keys(properties);
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string' || !names.includes(name))) {
    refuse('`required` names properties', 'required');
  }
  const entries: Record<string, FeelType> = {};
  for (const name of names) {
    if (!/^[a-z][A-Za-z0-9]{0,40}$/.test(name)) refuse(`${name.slice(0, 40)} is no name`, 'properties', name);
    entries[name] = typeOfSchema(properties[name] ?? null, problems, [...path, 'properties', name]);
  }
  return contextOf(entries);
}

function textType(schema: { [key: string]: Json }, refuse: Refuse): FeelType {
  if (typeof schema.const === 'string') return oneOf(schema.const);
  if (schema.enum !== undefined) {
    // Every FEEL type has null; a schema says it among the values.
    const values = Array.isArray(schema.enum) ? schema.enum.filter((value) => value !== null) : [];
    const texts = values.filter((value) => typeof value === 'string');
    if (texts.length === 0 || texts.length !== values.length) return refuse('enum lists texts', 'enum');
    return oneOf(...texts);
  }
  switch (schema.format) {
    case undefined:
      return STRING;
    case 'date':
      return DATE;
    case 'date-time':
      return DATE_TIME;
    default:
      return refuse('formats are date and date-time', 'format');
  }
}

/** What is known of an uploaded file; its bytes are nothing that a rule reads. */
const FILE_TYPE = contextOf({ name: STRING, kind: STRING, size: NUMBER, digest: STRING });

/** The FEEL type of an answer: of a list, a list of contexts with one entry for each question of a thing. */
export function typeOfField(
  field: Pick<FieldShape, 'type' | 'options' | 'fields'>,
  known: { parties: readonly string[]; languages: readonly string[] },
): FeelType {
  const options = Object.keys(field.options ?? {});
  switch (field.type) {
    case 'text':
      return STRING;
    case 'number':
      return NUMBER;
    case 'date':
      return DATE;
    case 'yesNo':
      return BOOLEAN;
    case 'choice':
      return oneOf(...options);
    case 'choices':
      return listOf(oneOf(...options));
    case 'state':
      return oneOf(...known.parties);
    case 'states':
      return listOf(oneOf(...known.parties));
    case 'language':
      return oneOf(...known.languages);
    case 'textByState':
      return contextOf(Object.fromEntries(known.parties.map((state) => [state, STRING])));
    case 'file':
      return FILE_TYPE;
    case 'list': {
      const entries = Object.entries(field.fields ?? {}).map(([name, one]) => [name, typeOfField(one, known)]);
      return listOf(contextOf(Object.fromEntries(entries)));
    }
  }
}

/** The FEEL type that a rule declares. */
export function typeOfWord(word: (typeof RULE_TYPES)[number]): FeelType {
  switch (word) {
    case 'number':
      return NUMBER;
    case 'string':
      return STRING;
    case 'boolean':
      return BOOLEAN;
    case 'date':
      return DATE;
    case 'days and time duration':
      return DAYS_TIME;
    case 'years and months duration':
      return YEARS_MONTHS;
  }
}
