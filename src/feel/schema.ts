import type { Json } from '../storage/index.ts';
import {
  ANY,
  BOOLEAN,
  contextOf,
  DATE,
  DATE_TIME,
  type FeelType,
  listOf,
  NUMBER,
  oneOf,
  STRING,
  TIME,
} from './types.ts';

type Schema = { readonly [key: string]: Json };

/** Formats of JSON Schema that the language has a type for. (`duration` may be of either kind and stays a text.) */
const FORMATS: ReadonlyMap<Json | undefined, FeelType> = new Map<Json, FeelType>([
  ['date', DATE],
  ['time', TIME],
  ['date-time', DATE_TIME],
]);

/**
 * The type of the values that a JSON Schema (2020-12) describes, as `fromJson` reads them. What it does not understand is Any.
 *
 * @example typeOfSchema({ type: 'array', items: { type: 'string', format: 'date' } }) // list<date>
 */
export function typeOfSchema(schema: Json): FeelType {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return ANY;
  switch (mainType(schema)) {
    case 'string':
      return textType(schema);
    case 'number':
    case 'integer':
      return NUMBER;
    case 'boolean':
      return BOOLEAN;
    case 'array':
      return listOf(typeOfSchema(schema.items ?? null));
    case 'object':
      return objectType(schema);
    default:
      return ANY;
  }
}

/** `["string", "null"]` is a text: every type has null. */
function mainType(schema: Schema): Json | undefined {
  const { type } = schema;
  if (!Array.isArray(type)) return type;
  const types = type.filter((name) => name !== 'null');
  return types.length === 1 ? types[0] : undefined;
}

function textType(schema: Schema): FeelType {
  const allowed = typeof schema.const === 'string' ? [schema.const] : schema.enum;
  if (Array.isArray(allowed)) return oneOf(...allowed.filter((value) => typeof value === 'string'));
  return FORMATS.get(schema.format) ?? STRING;
}

function objectType(schema: Schema): FeelType {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return ANY;
  return contextOf(Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, typeOfSchema(of)])));
}
