import type { IncomingMessage, ServerResponse } from 'node:http';
import { isId, randomId } from '../../crypto/index.ts';
import { msSince, noteHop, traceOf, traceOfId } from '../../measures/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import { shownBy } from '../x-road/door.ts';
import { accessOperations } from './access.ts';
import { callerOf, SYSTEM_HEADER } from './caller.ts';
import { channelOperations } from './channels.ts';
import { messageOperations } from './messages.ts';
import { openApiOf } from './openapi.ts';
import type { Answer, ApiContext, Operation } from './operation.ts';
import { problemOf, retryAfter } from './problem.ts';
import { type Rate, requestRate } from './rate.ts';
import { readBody, readParameters } from './read.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { topicOperations } from './topics.ts';
import { usageOperations } from './usage.ts';

/** Where the API stands on the doors' port. */
export const API_PREFIX = '/api/';
const OPERATIONS_PREFIX = '/api/v1';
const DOCUMENT_PATH = '/api/openapi.json';
const VERSION = '1.0.0';

/** Every operation of the API. */
export const operations: readonly Operation[] = [
  ...messageOperations,
  ...channelOperations,
  ...topicOperations,
  ...subscriptionOperations,
  ...accessOperations,
  ...usageOperations,
];

/** The API's own description; the same on every node. */
export const openApiDocument = openApiOf(operations, VERSION);

interface Route {
  operation: Operation;
  pattern: RegExp;
}

const routes: readonly Route[] = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** Answers requests to the API. */
export function answerApi(
  ctx: ApiContext,
  { rate = requestRate() }: { rate?: Rate } = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const origin = ctx.trust.manifest(ctx.trust.self).endpoints.portal;
  return (request, response) => {
    const reference = randomId();
    const fields: Record<string, string> = { 'Access-Control-Allow-Origin': origin, ...rate.fields() };
    const began = performance.now();
    const seen: { operation?: string } = {};
    const note = (outcome: string | number, about = reference) => {
      const { traceparent } = request.headers;
      const trace = traceOf(typeof traceparent === 'string' ? traceparent : undefined) ?? traceOfId(about);
      const ms = msSince(began);
      const what = seen.operation === undefined ? {} : { what: seen.operation };
      noteHop({ hop: 'api', trace, id: about, ...what, outcome, ms }, ctx.hop);
    };
    answer(ctx, rate, request, response, fields, seen).then(
      ({ status, body }) => {
        note(status, idIn(body));
        write(response, status, 'application/json', body, fields);
      },
      (error: unknown) => {
        const problem = problemOf(error, reference);
        note(isFailure(error) ? error.code : problem.status);
        if (problem.status >= 500) ctx.report(reference, error);
        const seconds = retryAfter(error, Date.now());
        if (seconds !== undefined) fields['Retry-After'] = String(seconds);
        if (problem.status === 405) fields.Allow = String((error as Failure).params.allow);
        // What was not read to its end must not be taken for the next request.
        if (!request.complete) fields.Connection = 'close';
        write(response, problem.status, 'application/problem+json', problem, fields);
      },
    );
  };
}

/** The id of what was made or asked for: of a message it is its trace from here on. */
function idIn(body: unknown): string | undefined {
  const { id } = (typeof body === 'object' && body !== null ? body : {}) as { id?: unknown };
  return typeof id === 'string' && isId(id) ? id : undefined;
}

async function answer(
  ctx: ApiContext,
  rate: Rate,
  request: IncomingMessage,
  response: ServerResponse,
  fields: Record<string, string>,
  seen: { operation?: string },
): Promise<Answer> {
  const [path = '', query = ''] = splitTarget(request.url ?? '');
  const isDocument = path === DOCUMENT_PATH && request.method === 'GET';
  if (isDocument) return { status: 200, body: openApiDocument };
  const claimed = request.headers[SYSTEM_HEADER];
  const caller = await callerOf(ctx, shownBy(request), typeof claimed === 'string' ? claimed : undefined);
  Object.assign(fields, rate.take(caller));
  const { operation, values } = findOperation(request.method ?? '', path);
  seen.operation = operation.id;
  if (operation.administrator && !caller.administrator)
    throw new Failure('DOORS_API_NOT_ADMINISTRATOR', { agency: caller.agency });
  const parameters = readParameters(operation, values, new URLSearchParams(query), request.headers);
  const body = await readBody(operation, request);
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  return operation.handle(ctx, { caller, parameters, body, signal: abort.signal });
}

function splitTarget(url: string): [string, string] {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '');
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

/** @throws Failure DOORS_API_UNKNOWN, DOORS_API_METHOD, DOORS_API_MALFORMED */
function findOperation(method: string, path: string): { operation: Operation; values: Record<string, string> } {
  const below = path.startsWith(`${OPERATIONS_PREFIX}/`) ? path.slice(OPERATIONS_PREFIX.length) : '';
  const fitting = routes.flatMap((route) => {
    const match = route.pattern.exec(below);
    return match === null ? [] : [{ operation: route.operation, values: { ...match.groups } }];
  });
  if (fitting.length === 0) throw new Failure('DOORS_API_UNKNOWN');
  const found = fitting.find(({ operation }) => operation.method === method);
  if (found === undefined)
    throw new Failure('DOORS_API_METHOD', { allow: fitting.map(({ operation }) => operation.method).join(', ') });
  try {
    const decoded = Object.entries(found.values).map(([name, value]) => [name, decodeURIComponent(value ?? '')]);
    return { operation: found.operation, values: Object.fromEntries(decoded) as Record<string, string> };
  } catch {
    throw new Failure('DOORS_API_MALFORMED', { reason: 'the path is not percent-encoded UTF-8' });
  }
}

function write(
  response: ServerResponse,
  status: number,
  type: string,
  body: unknown,
  fields: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  response.writeHead(status, {
    ...fields,
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}
