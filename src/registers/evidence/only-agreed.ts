import type { Json } from '../../storage/index.ts';

/**
 * The part of facts that a JSON Schema names: members of objects that stand in its `properties`, items of lists by `items`. What the
 * agreement does not name is not told, whatever the register could say. A schema without `properties` names nothing but the value itself.
 *
 * @example onlyAgreed({ a: 1, b: 2 }, { type: 'object', properties: { a: {} } }) // { a: 1 }
 */
export function onlyAgreed(value: Json, schema: Json | undefined): Json {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => onlyAgreed(item, schema.items));
  const { properties } = schema;
  if (!isObject(value) || !isObject(properties)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => Object.hasOwn(properties, name))
      .map(([name, member]) => [name, onlyAgreed(member, properties[name])]),
  );
}

function isObject(value: Json | undefined): value is { [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
