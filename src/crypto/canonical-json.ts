import { Failure, type Json } from '../storage/index.ts';

/** Deeper values are refused: they would end the stack before they meant anything. */
const MAX_DEPTH = 200;

/**
 * A JSON value in the one form that is hashed and signed: RFC 8785 (JSON Canonicalization Scheme). Members sorted by UTF-16
 * code units, no white space, numbers as ECMAScript writes them. Stricter than the RFC in one place: it refuses -0, which the
 * RFC writes as 0, since a value must be equal to what is read back from its text.
 * @throws Failure CRYPTO_JSON for what JSON cannot carry unchanged: NaN, infinities, -0, lone surrogates, undefined, functions,
 *   dates, byte arrays, holes in lists, cycles
 * @example canonicalJson({ b: [1e21, true], a: 'é' }) // '{"a":"é","b":[1e+21,true]}'
 */
export function canonicalJson(value: Json): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) refuse('it is nested too deeply or contains itself', '$');
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) refuse('a number is not finite', path);
      if (Object.is(value, -0)) refuse('a number is -0', path);
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeList(value, path, depth) : writeObject(value, path, depth);
    default:
      return refuse(`${typeof value} is not JSON`, path);
  }
}

function writeString(text: string, path: string): string {
  if (!text.isWellFormed()) refuse('a text has a lone surrogate', path);
  return JSON.stringify(text);
}

function writeList(list: unknown[], path: string, depth: number): string {
  if (Object.keys(list).length !== list.length) refuse('a list has holes or members of its own', path);
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ',';
    text += write(list[index], `${path}[${index}]`, depth + 1);
  }
  return `${text}]`;
}

function writeObject(value: object, path: string, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse('an object is not a plain one', path);
  const members = value as Record<string, unknown>;
  // The default order of sort() is by UTF-16 code units, which is the RFC's (section 3.2.3).
  const names = Object.keys(members).sort();
  if (Reflect.ownKeys(value).length !== names.length) refuse('an object has hidden members', path);
  let text = '{';
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (index > 0) text += ',';
    text += `${writeString(name, path)}:${write(members[name], `${path}.${name}`, depth + 1)}`;
  }
  return `${text}}`;
}

function refuse(reason: string, path: string): never {
  // The path names members only, never values: an error message must not carry personal data.
  throw new Failure('CRYPTO_JSON', { reason, path: path.slice(0, 200) });
}
