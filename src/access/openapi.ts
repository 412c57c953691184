import { parse } from 'yaml';
import { Failure, type Json } from '../storage/index.ts';

/** What can be called: a method and a pattern over canonical paths. */
export interface Endpoint {
  /** Upper case, or `*` for all. */
  method: string;
  path: string;
}

const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'trace'];
const MOST_BYTES = 2_000_000;

/** An OpenAPI document as it is served again. */
export interface OpenApi {
  document: { [key: string]: Json };
  endpoints: Endpoint[];
  /** What it says of the persons whom its calls concern, in `x-commonway-persons`: a text, or a list of them. */
  persons?: string[];
}

/**
 * Reads an OpenAPI 3 document, JSON or YAML: each operation is an endpoint, its path parameters `*`. The hosts of `servers` are left
 * out, so that nobody learns where the service stands.
 * @throws Failure ACCESS_OPENAPI
 */
export function readOpenApi(text: string): OpenApi {
  const unfit = (reason: string) => new Failure('ACCESS_OPENAPI', { reason });
  if (text.length > MOST_BYTES) throw unfit('it is larger than 2 MB');
  let document: { [key: string]: Json };
  try {
    document = parse(text, { maxAliasCount: 100 }) as { [key: string]: Json };
  } catch {
    throw unfit('it is neither JSON nor YAML');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw unfit('it is not an object');
  if (typeof document.openapi !== 'string' || !document.openapi.startsWith('3.')) throw unfit('it is not of OpenAPI 3');
  const { paths } = document;
  if (typeof paths !== 'object' || paths === null || Array.isArray(paths)) throw unfit('it has no paths');
  const endpoints = Object.entries(paths).flatMap(([path, operations]) => {
    if (!path.startsWith('/')) throw unfit('a path does not begin with a slash');
    const pattern = path.replace(/\{[^/{}]*\}/g, '*');
    return Object.keys((operations ?? {}) as object)
      .filter((key) => METHODS.includes(key))
      .map((method) => ({ method: method.toUpperCase(), path: pattern }));
  });
  const said = document['x-commonway-persons'];
  const persons = said === undefined ? undefined : [said].flat();
  if (persons?.some((place) => typeof place !== 'string'))
    throw unfit('x-commonway-persons is neither a text nor a list');
  return {
    document: { ...document, servers: pathsOf(document.servers) },
    endpoints,
    ...(persons === undefined ? {} : { persons: persons as string[] }),
  };
}

function pathsOf(servers: Json | undefined): Json {
  const urls = (Array.isArray(servers) ? servers : []).map((server) => {
    const { url } = (server ?? {}) as { url?: Json };
    try {
      return new URL(String(url), 'http://service.invalid/').pathname;
    } catch {
      return '/';
    }
  });
  return [...new Set(urls.length === 0 ? ['/'] : urls)].map((url) => ({ url }));
}
