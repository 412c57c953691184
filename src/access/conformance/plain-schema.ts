import type { Json } from '../../storage/index.ts';
import { isSafePattern } from './safe-pattern.ts';

export type JsonObject = { [key: string]: Json };

/** What turns a schema of an OpenAPI document into one that stands by itself. */
export interface PlainOptions {
  document: JsonObject;
  /** Which way it goes: what is only read is not demanded of a request, what is only written not of an answer. */
  direction: 'request' | 'answer';
  /** How many parts are left for all schemas of the document together. */
  budget: { parts: number };
  /** Makes the refusal. */
  unfit(reason: string): Error;
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. All others are data and are taken as they are. */
const ONE = [
  'items',
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
  'unevaluatedItems',
];
const MANY = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NAMED = ['properties', 'patternProperties', 'dependentSchemas'];
const DATA = [
  ...[
    'type',
    'enum',
    'const',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'minLength',
    'pattern',
  ],
  ...[
    'maxItems',
    'minItems',
    'uniqueItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
    'required',
    'dependentRequired',
    'format',
  ],
];
/** Formats of OpenAPI that say how a number is kept, not what is written. */
const NUMBER_FORMATS = ['int32', 'int64', 'float', 'double', 'byte', 'binary', 'password'];
const DEEPEST = 64;

/**
 * A schema in JSON Schema 2020-12 without references: to hold a value against it takes no longer than the two are large. What OpenAPI 3.0
 * says otherwise (`nullable`, boolean `exclusiveMinimum`) is said anew; what describes and does not bind is left out.
 * @throws what `unfit` makes, for references that lead nowhere, out of the document or to themselves, for expressions that could take for
 *   ever, and for more parts than there may be
 */
export function plainSchema(value: Json, options: PlainOptions, open: readonly string[] = [], depth = 0): Json {
  const { document, budget, unfit } = options;
  if (--budget.parts < 0) throw unfit('its schemas have too many parts, their references put in');
  if (depth > DEEPEST) throw unfit('a schema is nested too deep');
  if (typeof value === 'boolean') return value;
  if (!isObject(value)) throw unfit('a schema is neither an object nor true or false');
  const below = (one: Json, more: readonly string[] = open) => plainSchema(one, options, more, depth + 1);
  if (typeof value.$ref === 'string') {
    const { $ref, ...beside } = value;
    if (open.includes($ref)) throw unfit('a reference leads to itself');
    const target = below(pointed(document, $ref, unfit), [...open, $ref]);
    const own = below(beside);
    return isObject(own) && Object.keys(own).length === 0 ? target : { allOf: [target, own] };
  }
  for (const word of ['$dynamicRef', '$recursiveRef'])
    if (Object.hasOwn(value, word)) throw unfit(`${word} is not taken`);
  const plain: JsonObject = {};
  for (const [word, said] of Object.entries(value)) {
    if (ONE.includes(word)) plain[word] = below(said);
    else if (MANY.includes(word) && Array.isArray(said)) plain[word] = said.map((one) => below(one));
    else if (NAMED.includes(word) && isObject(said)) {
      if (word === 'patternProperties') for (const name of Object.keys(said)) demandSafe(name, unfit);
      plain[word] = Object.fromEntries(Object.entries(said).map(([name, one]) => [name, below(one)]));
    } else if (DATA.includes(word)) plain[word] = said;
  }
  if (plain.pattern !== undefined) demandSafe(plain.pattern, unfit);
  if (typeof plain.format === 'string' && NUMBER_FORMATS.includes(plain.format)) delete plain.format;
  return asOf31(value, withoutOneWay(value, plain, options));
}

/** What is only read, or only written, is demanded in one direction alone. */
function withoutOneWay(value: JsonObject, plain: JsonObject, { document, direction, unfit }: PlainOptions): JsonObject {
  if (!Array.isArray(plain.required) || !isObject(value.properties)) return plain;
  const word = direction === 'request' ? 'readOnly' : 'writeOnly';
  const { properties } = value;
  const required = plain.required.filter((name) => {
    const said = typeof name === 'string' ? properties[name] : undefined;
    const one = isObject(said) && typeof said.$ref === 'string' ? pointed(document, said.$ref, unfit) : said;
    return !(isObject(one) && one[word] === true);
  });
  return { ...plain, required };
}

/** The words of OpenAPI 3.0. */
function asOf31({ nullable, exclusiveMinimum, exclusiveMaximum }: JsonObject, plain: JsonObject): Json {
  const said: JsonObject = { ...plain };
  if (typeof exclusiveMinimum === 'boolean') {
    delete said.exclusiveMinimum;
    if (exclusiveMinimum && said.minimum !== undefined) said.exclusiveMinimum = said.minimum;
  }
  if (typeof exclusiveMaximum === 'boolean') {
    delete said.exclusiveMaximum;
    if (exclusiveMaximum && said.maximum !== undefined) said.exclusiveMaximum = said.maximum;
  }
  return nullable === true ? { anyOf: [said, { type: 'null' }] } : said;
}

function demandSafe(pattern: Json, unfit: PlainOptions['unfit']): void {
  if (typeof pattern !== 'string' || !isSafePattern(pattern))
    throw unfit(`a pattern is not taken, since it could take for ever: ${String(pattern).slice(0, 60)}`);
}

/** What a reference of a document points to (RFC 6901). */
export function pointed(document: JsonObject, ref: string, unfit: PlainOptions['unfit']): Json {
  if (!ref.startsWith('#/')) throw unfit('a reference leads out of it');
  let at: Json | undefined = document;
  for (const token of ref.slice(2).split('/')) {
    const name = decoded(token)?.replaceAll('~1', '/').replaceAll('~0', '~');
    at =
      name !== undefined && typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as JsonObject)[name]
        : undefined;
  }
  if (at === undefined) throw unfit('a reference leads nowhere');
  return at;
}

function decoded(token: string): string | undefined {
  try {
    return decodeURIComponent(token);
  } catch {
    return undefined;
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
