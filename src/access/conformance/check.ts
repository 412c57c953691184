import { Check, Errors } from 'typebox/schema';
import type { Json } from '../../storage/index.ts';
import type { Contract, MediaSchemas, Operation, Parameter } from './contract.ts';
import { isObject } from './plain-schema.ts';

type Header = readonly [name: string, value: string];

/** What does not conform: in the words of the document alone, never in those of the call, which may name a person. */
export interface Problem {
  /** `query limit`, `body /person/code` */
  place: string;
  /** The keyword that refuses it. */
  reason: string;
}

/** A content as far as it was read. */
export interface Content {
  /** The media type without parameters, in lower case; empty where none is said. */
  type: string;
  isEmpty: boolean;
  /** Where it is JSON and was read. */
  json?: Json;
}

/** The operation that a call is of, by its canonical path. */
export function findOperation({ operations }: Contract, method: string, path: string): Operation | undefined {
  return operations.find((one) => one.method === method && one.pattern.test(path));
}

/** The first thing in path, query and headers that is not as the operation demands. */
export function checkParameters(
  operation: Operation,
  { path, rawQuery, headers }: { path: string; rawQuery: string; headers: readonly Header[] },
): Problem | undefined {
  const query = new URLSearchParams(rawQuery.replace(/^\?/, ''));
  for (const parameter of operation.parameters) {
    const place = `${parameter.in} ${parameter.name}`;
    const values = valuesOf(parameter, operation.template, { path, query, headers });
    // A part of a segment is not told from the rest of it.
    if (values === undefined) continue;
    if (values.length === 0) {
      if (parameter.required) return { place, reason: 'required' };
    } else if (parameter.schema !== undefined && !fits(parameter.schema, values, parameter))
      return { place, reason: 'schema' };
  }
  return undefined;
}

function valuesOf(
  { in: place, name }: Parameter,
  template: string,
  { path, query, headers }: { path: string; query: URLSearchParams; headers: readonly Header[] },
): string[] | undefined {
  if (place === 'query') return query.getAll(name);
  if (place === 'header') return headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  const at = template.split('/').indexOf(`{${name}}`);
  if (at < 0) return undefined;
  const segment = path.split('/')[at];
  if (segment === undefined) return [];
  try {
    return [decodeURIComponent(segment)];
  } catch {
    return [segment];
  }
}

/** Whether texts can be read as a value of a schema: a text, a number, true or false, null, or a list of them. */
function fits(schema: Json, values: readonly string[], { in: place, explode }: Parameter): boolean {
  if (isList(schema)) {
    const texts = place === 'query' && explode ? values : values.flatMap((value) => value.split(','));
    const items = isObject(schema) && schema.items !== undefined ? schema.items : true;
    const read = texts.map((text) => readings(text.trim()).find((one) => Check(items as object, one)));
    return !read.includes(undefined) && Check(schema as object, read);
  }
  return values.length === 1 && readings(values[0] ?? '').some((one) => Check(schema as object, one));
}

const isList = (schema: Json): boolean => isObject(schema) && [schema.type].flat().includes('array');

function readings(text: string): Json[] {
  const read: Json[] = [text];
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) read.push(Number(text));
  if (text === 'true' || text === 'false') read.push(text === 'true');
  if (text === '' || text === 'null') read.push(null);
  return read;
}

/** Whether anything is said of a content that only its bytes can answer. */
export function wantsJson(schemas: MediaSchemas | undefined, type: string): boolean {
  return schemas !== undefined && isJson(type) && schemaFor(schemas, type)?.schema !== undefined;
}

/** The schemas of a request's content. */
export const requestSchemas = ({ body }: Operation): MediaSchemas | undefined => body?.content;

/** The schemas of an answer's content; undefined where no answer of this status is described. */
export function answerSchemas({ answers }: Operation, status: number): MediaSchemas | undefined {
  return answers.get(String(status)) ?? answers.get(`${Math.floor(status / 100)}XX`) ?? answers.get('DEFAULT');
}

/** The first thing in the content of a request that is not as the operation demands. */
export function checkRequestContent({ body }: Operation, content: Content): Problem | undefined {
  if (body === undefined) return undefined;
  if (content.isEmpty) return body.required ? { place: 'body', reason: 'required' } : undefined;
  return checkContent(body.content, content, 'body');
}

/** The first thing in an answer that is not as the operation says. */
export function checkAnswerContent(operation: Operation, status: number, content: Content): Problem | undefined {
  const schemas = answerSchemas(operation, status);
  if (schemas === undefined) return { place: 'status', reason: 'undescribed' };
  return content.isEmpty ? undefined : checkContent(schemas, content, 'answer');
}

function checkContent(schemas: MediaSchemas, { type, json }: Content, place: string): Problem | undefined {
  if (schemas.size === 0) return undefined;
  const found = schemaFor(schemas, type);
  if (found === undefined) return { place: `${place} content-type`, reason: 'undescribed' };
  if (found.schema === undefined || !isJson(type)) return undefined;
  if (json === undefined) return { place, reason: 'json' };
  if (Check(found.schema as object, json)) return undefined;
  const [, errors] = Errors(found.schema as object, json);
  const [first] = errors;
  return { place: `${place} ${placeIn(first?.schemaPath ?? '')}`, reason: first?.keyword ?? 'schema' };
}

const isJson = (type: string): boolean => /^application\/([a-z0-9.+-]+\+)?json$/.test(type);

function schemaFor(schemas: MediaSchemas, type: string): { schema: Json | undefined } | undefined {
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*'])
    if (schemas.has(wanted)) return { schema: schemas.get(wanted) };
  return undefined;
}

/** A place in the words of the schema: a name that only the value has may be somebody's. */
function placeIn(schemaPath: string): string {
  const words = schemaPath.split('/').slice(1);
  const names: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === 'properties') names.push(words[++at] ?? '');
    else if (word === 'items' || word === 'additionalProperties') names.push('*');
    else if (word === 'patternProperties' || word === 'prefixItems') {
      names.push('*');
      at++;
    } else if (word === 'allOf' || word === 'anyOf' || word === 'oneOf' || word === 'dependentSchemas') at++;
  }
  return `/${names.join('/')}`;
}
