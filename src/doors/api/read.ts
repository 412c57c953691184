import type { IncomingMessage } from 'node:http';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { Failure } from '../../storage/index.ts';
import type { Operation } from './operation.ts';

/** A content in base64 and what stands around it. */
const MOST_BYTES = 6 * 1024 * 1024;

/**
 * The parameters of a request, each held against its schema. What the operation does not know in the query is refused.
 * @throws Failure DOORS_API_MALFORMED
 */
export function readParameters(
  { parameters = {} }: Operation,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
  headers: IncomingMessage['headers'],
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of query.keys()) {
    if (parameters[name]?.in !== 'query') throw malformed(`the query has an unknown parameter: ${name.slice(0, 40)}`);
    if (query.getAll(name).length > 1) throw malformed(`the parameter ${name} stands twice`);
  }
  for (const [name, { in: place, required, schema }] of Object.entries(parameters)) {
    const header = headers[name.toLowerCase()];
    const value = place === 'path' ? path[name] : place === 'query' ? query.get(name) : header;
    if (value === undefined || value === null) {
      if (required) throw malformed(`${name} is missing`);
      continue;
    }
    if (typeof value !== 'string' || !Value.Check(schema, typed(schema, value)))
      throw malformed(`${name} is not of its form`);
    read[name] = value;
  }
  return read;
}

/** Query values are texts; a whole number is one for its schema. */
function typed(schema: TSchema, value: string): unknown {
  if ((schema as { type?: unknown }).type !== 'integer') return value;
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

/**
 * The JSON of a request, held against the operation's schema.
 * @throws Failure DOORS_API_MEDIA_TYPE, DOORS_API_TOO_LARGE, DOORS_API_MALFORMED with the place of the first fault
 */
export async function readBody({ body, media }: Operation, request: IncomingMessage): Promise<unknown> {
  if (body === undefined) {
    request.resume();
    return undefined;
  }
  const schema = schemaOf(request.headers['content-type'] ?? '', body, media);
  const bytes = await readBytes(request);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed('the content is not JSON in UTF-8');
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw malformed(`${first?.instancePath || 'the content'}: ${first?.message ?? 'wrong'}`);
}

/** @throws Failure DOORS_API_MEDIA_TYPE */
function schemaOf(type: string, body: TSchema, media: Operation['media']): TSchema {
  const [, name = ''] = /^([a-z]+\/[a-z+-]+)\s*(?:;\s*charset=utf-8\s*)?$/i.exec(type) ?? [];
  const named = media?.[name.toLowerCase()];
  if (named !== undefined) return named;
  if (media === undefined && /^application\/([a-z]+\+)?json$/i.test(name)) return body;
  throw new Failure('DOORS_API_MEDIA_TYPE', {
    wanted: Object.keys(media ?? { 'application/json': body }).join(' or '),
  });
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new Failure('DOORS_API_TOO_LARGE', { most: MOST_BYTES });
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MOST_BYTES) throw tooLarge();
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts, size);
}

const malformed = (reason: string) => new Failure('DOORS_API_MALFORMED', { reason });
