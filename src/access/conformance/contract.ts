import { Failure, type Json } from '../../storage/index.ts';
import { type PathPattern, pathPattern } from '../pattern.ts';
import { isObject, type JsonObject, type PlainOptions, plainSchema, pointed } from './plain-schema.ts';

/** What an OpenAPI document demands of the calls of a service, read once for each document. */
export interface Contract {
  operations: Operation[];
}

/** Schemas without references; undefined: anything. */
export interface Operation {
  method: string;
  template: string;
  pattern: PathPattern;
  parameters: Parameter[];
  body?: { required: boolean; content: MediaSchemas };
  /** By `200`, `2XX` or `default`. */
  answers: Map<string, MediaSchemas>;
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  required: boolean;
  schema: Json | undefined;
  /** Of a list in a query: every value has a name of its own, or all stand in one with commas. */
  explode: boolean;
}

/** By media type in lower case, `application/json`, or by range; empty: nothing is said of the content. */
export type MediaSchemas = Map<string, Json | undefined>;

const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace'];
/** Of all schemas of a document together, their references put in. */
const MOST_PARTS = 50_000;
/** References of references. */
const LONGEST_CHAIN = 16;

/**
 * Reads what a document demands.
 * @throws Failure ACCESS_OPENAPI where it cannot be held against calls safely: references without an end or to itself, expressions that
 *   could take for ever, more than 50,000 parts
 */
export function readContract(document: JsonObject): Contract {
  const budget = { parts: MOST_PARTS };
  const unfit = (reason: string) => new Failure('ACCESS_OPENAPI', { reason });
  const read = { document, budget, unfit };
  const operations = Object.entries((document.paths ?? {}) as JsonObject).flatMap(([template, item]) => {
    const shared = resolved(item, read);
    return METHODS.flatMap((method) => {
      const said = shared[method];
      return isObject(said) ? [operationOf(method, template, said, shared.parameters, read)] : [];
    });
  });
  // What is spelled out goes before what varies: `/persons/new` is not a person.
  const varying = ({ template }: Operation) => template.split('{').length;
  return { operations: operations.toSorted((one, other) => varying(one) - varying(other)) };
}

type Reading = Omit<PlainOptions, 'direction'>;

function operationOf(
  method: string,
  template: string,
  said: JsonObject,
  shared: Json | undefined,
  read: Reading,
): Operation {
  const parameters = new Map<string, Parameter>();
  for (const one of [shared, said.parameters].flatMap((list) => (Array.isArray(list) ? list : []))) {
    const parameter = parameterOf(resolved(one, read), read);
    if (parameter !== undefined) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const body = said.requestBody === undefined ? undefined : resolved(said.requestBody, read);
  const answers = Object.entries((said.responses ?? {}) as JsonObject).map(
    ([status, answer]) =>
      [status.toUpperCase(), mediaOf(resolved(answer, read).content, { ...read, direction: 'answer' })] as const,
  );
  return {
    method: method.toUpperCase(),
    template,
    pattern: pathPattern(template.replace(/\{[^/{}]*\}/g, '*')),
    parameters: [...parameters.values()],
    ...(body === undefined
      ? {}
      : {
          body: { required: body.required === true, content: mediaOf(body.content, { ...read, direction: 'request' }) },
        }),
    answers: new Map(answers),
  };
}

/** Cookies do not pass a door; `Accept`, `Content-Type` and `Authorization` are not parameters (OpenAPI 3.1, 4.8.12.2.1). */
function parameterOf(said: JsonObject, read: Reading): Parameter | undefined {
  const { name } = said;
  const place = said.in;
  if (typeof name !== 'string' || (place !== 'path' && place !== 'query' && place !== 'header')) return undefined;
  if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) return undefined;
  const style = said.style ?? (place === 'query' ? 'form' : 'simple');
  const isPlain = style === (place === 'query' ? 'form' : 'simple') && said.content === undefined;
  const schema =
    isPlain && said.schema !== undefined ? plainSchema(said.schema, { ...read, direction: 'request' }) : undefined;
  return {
    in: place,
    name: place === 'header' ? name.toLowerCase() : name,
    required: place === 'path' || said.required === true,
    schema,
    explode: typeof said.explode === 'boolean' ? said.explode : style === 'form',
  };
}

function mediaOf(content: Json | undefined, options: PlainOptions): MediaSchemas {
  if (!isObject(content)) return new Map();
  return new Map(
    Object.entries(content).map(([type, media]) => {
      const schema = isObject(media) ? media.schema : undefined;
      const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
      return [bare, schema !== undefined && isJsonType(bare) ? plainSchema(schema, options) : undefined] as const;
    }),
  );
}

/** Also of ranges that JSON falls under: what is not JSON is not read. */
export const isJsonType = (type: string): boolean =>
  /^(application\/([a-z0-9.+-]+\+)?json|application\/\*|\*\/\*)$/.test(type);

/** An object, where it stands or where its references lead. */
function resolved(value: Json | undefined, { document, unfit }: Reading): JsonObject {
  let at = value;
  for (let step = 0; isObject(at) && typeof at.$ref === 'string'; step++) {
    if (step === LONGEST_CHAIN) throw unfit('a reference leads to itself');
    at = pointed(document, at.$ref, unfit);
  }
  return isObject(at) ? at : {};
}
