import { canonicalPath } from '../../access/index.ts';
import { isFailure } from '../../storage/index.ts';
import { forService, overrideIn, readHeaders } from './carried-headers.ts';
import { AMBIGUOUS_PATH, XRoadError } from './errors.ts';
import { forwardable, type Header, headBytes, valuesOf } from './head.ts';
import { type ClientId, decodePart, parseClient } from './identifiers.ts';

/** A request as the protocol has it. */
export interface XRoadRequest {
  method: string;
  /** Path and query as they were written. */
  target: string;
  client: ClientId;
  /** Instance, class, member, subsystem, service. */
  service: string[];
  /** What stands after the service code, as it was written: `` and `/` differ. */
  rawPath: string;
  /** With its question mark; empty where there is none. */
  rawQuery: string;
  /** What is hashed, carried and forwarded. */
  headers: Header[];
  id: string;
  requestId: string;
  /** As wanted by `X-Road-Security-Server`. */
  securityServer?: string[];
  head: Buffer;
}

export const VERBS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** Verbs whose body is logged and not forwarded. */
export const BODILESS = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'];

interface Raw {
  method: string;
  target: string;
  headers: readonly Header[];
}

/**
 * Reads a request of a system. The ids that are missing are made by `newId` and appended, the request's before the message's.
 * @throws XRoadError
 */
export function readRequest(raw: Raw, instance: string, newId: () => string, strict = false): XRoadRequest {
  const { method, target } = raw;
  if (!VERBS.includes(method))
    throw new XRoadError('client', 'invalid_http_method', `Unsupported HTTP method ${method}`);
  const { service, rawPath, rawQuery } = readTarget(target);
  const client = readClient(raw.headers, strict);
  const securityServer = readServer(raw.headers);
  demandParty(raw.headers);
  const headers = forwardable(raw.headers);
  const requestId = newId();
  headers.push(['x-road-request-id', requestId]);
  const given = valuesOf(raw.headers, 'x-road-id').at(-1);
  const id = given ?? `${instance}-${newId()}`;
  if (given === undefined) headers.push(['x-road-id', id]);
  const head = headBytes(method, target, headers);
  const read = { method, target, client, service, rawPath, rawQuery, headers, id, requestId, head };
  return securityServer === undefined ? read : { ...read, securityServer };
}

/**
 * Reads a head that another node carried here: the same rules, nothing added, and trusting that node in nothing. What is hashed are its
 * bytes; the headers are those that may go on to the service.
 * @throws XRoadError
 */
export function readCarried(head: Uint8Array): XRoadRequest {
  const bytes = Buffer.from(head);
  const lines = bytes.toString('latin1').split('\r\n');
  const [method = '', target = '', ...rest] = lines;
  if (lines.at(-1) !== '' || !VERBS.includes(method))
    throw new XRoadError('server', 'bad_request', 'Malformed request');
  const headers = readHeaders(rest.slice(0, -1));
  if (headers === undefined) throw new XRoadError('server', 'bad_request', 'Malformed request');
  const override = overrideIn(headers);
  if (override !== undefined)
    throw new XRoadError(
      'server',
      'bad_request',
      `The header ${override} asks for something else than the request line`,
    );
  const { service, rawPath, rawQuery } = readTarget(target);
  const id = valuesOf(headers, 'x-road-id').at(-1) ?? '';
  const requestId = valuesOf(headers, 'x-road-request-id').at(-1) ?? '';
  const client = readClient(headers, false);
  return {
    method,
    target,
    client,
    service,
    rawPath,
    rawQuery,
    headers: forService(headers),
    id,
    requestId,
    head: bytes,
  };
}

function readTarget(target: string): { service: string[]; rawPath: string; rawQuery: string } {
  const bad = (text: string) => new XRoadError('client', 'bad_request', text);
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark);
  if (!path.startsWith('/')) throw bad('Malformed request URI');
  const parts = path.slice(1).split('/');
  const [version = ''] = parts;
  if (version !== 'r1') {
    const number = /^r(\d+)$/.exec(version)?.[1];
    throw bad(
      number === undefined ? `Invalid protocol version ${shown(version)}` : `Unsupported protocol version ${number}`,
    );
  }
  const service = parts.slice(1, 6).map((part) => decodePart(part));
  if (service.length < 5 || service.some((part) => part.trim() === '')) throw bad('Invalid Service Id');
  const rest = parts.slice(6);
  const rawPath = rest.length === 0 ? '' : `/${rest.join('/')}`;
  for (const part of rest) decodePart(part);
  try {
    canonicalPath(rawPath);
  } catch (error) {
    if (!isFailure(error, 'ACCESS_PATH')) throw error;
    throw new XRoadError('client', AMBIGUOUS_PATH, `Ambiguous path: ${error.params.reason}`);
  }
  return { service, rawPath, rawQuery };
}

/** A version token is short; what else stood there is not for our answers. */
const shown = (text: string): string => (/^[A-Za-z0-9._-]{0,20}$/.test(text) ? text : '');

function readClient(headers: readonly Header[], strict: boolean): ClientId {
  const values = valuesOf(headers, 'x-road-client');
  const last = values.at(-1);
  if (last === undefined) throw new XRoadError('client', 'invalid_client_identifier', 'Missing client identifier');
  if (strict && values.length > 1) throw new XRoadError('client', 'bad_request', 'Repeated header X-Road-Client');
  return parseClient(last);
}

function readServer(headers: readonly Header[]): string[] | undefined {
  const value = valuesOf(headers, 'x-road-security-server').at(-1);
  if (value === undefined) return undefined;
  const parts = value.split('/').map((part) => decodePart(part, 'invalid_security_server'));
  if (parts.length !== 4 || parts.some((part) => part.trim() === ''))
    throw new XRoadError('client', 'invalid_security_server', 'Invalid Security Server Id');
  return parts;
}

function demandParty(headers: readonly Header[]): void {
  for (const value of valuesOf(headers, 'x-road-represented-party')) {
    const parts = value.split('/').map((part) => decodePart(part));
    if (parts.length > 2 || parts.some((part) => part.trim() === ''))
      throw new XRoadError('client', 'bad_request', 'Invalid Represented Party');
  }
}
