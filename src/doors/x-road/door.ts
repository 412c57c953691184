import { createHash, hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { currentRules, demandProven, type Shown, type System, type SystemId, systemName } from '../../access/index.ts';
import type { Body } from '../../calls/index.ts';
import { digestHex, randomId } from '../../crypto/index.ts';
import { msSince, noteHop, traceOf, traceOfId } from '../../measures/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { Carry, DoorsContext } from '../context.ts';
import { type AnswerHead, carryRequest, openAnswer } from './carried.ts';
import { type ErrorStyle, WANTS_MESSAGE, writeError, XRoadError } from './errors.ts';
import { type Header, pairsOf, requestHash, valuesOf } from './head.ts';
import {
  clientParts,
  encodedParts,
  instanceOf,
  parseClient,
  serverOf,
  spelled,
  stateOf,
  systemOf,
} from './identifiers.ts';
import { listClients, verificationConf } from './members.ts';
import { readRequest, type XRoadRequest } from './request.ts';
import { readAway } from './unread.ts';

/** Bodies up to this size travel whole, in batches with others; larger ones and those of unknown size are streamed. */
const WHOLE = 64 * 1024;

/** How errors are written before it is known to whom. */
const UNKNOWN: Omit<ErrorStyle, 'accept'> = { dialect: 'lower', strict: false };

/**
 * The consumer's side of the door: who asks is told from the connection, the request is read, carried to the provider's node, and its
 * answer passed on with the protocol's headers.
 */
export function answerXRoad(
  ctx: DoorsContext,
  carry: Carry,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    let style = UNKNOWN;
    const span: Span = { began: performance.now() };
    const known = (system: System) => {
      style = { dialect: system.dialect, strict: system.strict };
    };
    void answer(ctx, carry, request, response, known, span).then(
      () => noteSpan(ctx, span),
      async (error: unknown) => {
        const accept = valuesOf(pairsOf(request.rawHeaders), 'accept');
        await refuse(ctx, request, response, error, { ...style, accept });
        noteSpan(ctx, span, error);
      },
    );
  };
}

/** What is known of a call at its caller's node, for the log. Nothing that the caller wrote is in it, but for the id of a trace. */
interface Span {
  began: number;
  id?: string;
  trace?: string;
  peer?: string;
  waitedMs?: number;
  status?: number;
}

/** Calls that were never read as such, and what the gateway answers itself, are no hop of anything. */
function noteSpan(ctx: DoorsContext, { began, id, trace, peer, waitedMs, status }: Span, error?: unknown): void {
  if (id === undefined) return;
  const outcome = error === undefined ? (status ?? 0) : error instanceof XRoadError ? error.code : 'internal_error';
  const hop = { hop: 'door', trace: trace ?? traceOfId(id), id, outcome, ms: msSince(began) } as const;
  const other = { ...(peer === undefined ? {} : { peer }), ...(waitedMs === undefined ? {} : { waitedMs }) };
  noteHop({ ...hop, ...other }, ctx.hop);
}

async function answer(
  ctx: DoorsContext,
  carry: Carry,
  request: IncomingMessage,
  response: ServerResponse,
  known: (system: System) => void,
  span: Span,
): Promise<void> {
  const headers = pairsOf(request.rawHeaders);
  const target = targetOf(request.url ?? '');
  if (await answerLocally(ctx, request, response, target, headers)) return;
  const raw = { method: request.method ?? '', target, headers };
  const claimed = await claimedSystem(ctx, headers);
  if (claimed !== undefined) known(claimed);
  const read = readRequest(raw, instanceOf(ctx.trust.self), randomId, claimed?.strict);
  span.id = read.requestId;
  span.trace = traceOf(valuesOf(read.headers, 'traceparent').at(-1)) ?? traceOfId(read.requestId);
  demandCaller(read, claimed, shownBy(request));
  const to = demandProviderState(ctx, read);
  span.peer = to;
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  const content = await contentOf(request);
  const asked = performance.now();
  const { answered, body } = await ask(ctx, carry, {
    to,
    service: read.service.join('/'),
    head: carryRequest(read.head),
    body: content.body,
    signal: abort.signal,
  });
  span.waitedMs = msSince(asked);
  span.status = answered.status;
  const requestDigest = requestHash(read.head, await content.digest());
  const own: Header[] = [
    ['x-road-id', read.id],
    ['x-road-client', encodedParts(clientParts(read.client))],
    ['x-road-service', encodedParts(read.service)],
    ['x-road-request-id', read.requestId],
    ['x-road-request-hash', requestDigest],
  ];
  const sent = [...oneDate(answered.headers), ...own].flat();
  if (body === null || body instanceof Uint8Array) {
    const bare = read.method === 'HEAD' || answered.status === 204 || answered.status === 304;
    const length = bare ? [] : ['Content-Length', String(body?.length ?? 0)];
    response.writeHead(answered.status, answered.reason, [...sent, ...length]);
    response.end(bare ? undefined : (body ?? undefined));
    return;
  }
  response.writeHead(answered.status, answered.reason, sent);
  // A body that breaks off ends the connection: what was cut must not look whole.
  pipeline(body, response, () => undefined);
}

/** Services that want a signature for each call, as their nodes told this process. */
const wantsMessage = new Map<string, Set<string>>();

/** Carries a call. Where it is refused for want of a signature of its own, it is carried once more with one: nothing was done yet. */
async function ask(
  { trust }: DoorsContext,
  carry: Carry,
  { service, ...call }: Omit<Parameters<Carry>[0], 'mode'> & { service: string },
): Promise<{ answered: AnswerHead; body: Body }> {
  const known = wantsMessage.get(trust.self) ?? new Set();
  const mode = known.has(service) ? 'message' : 'batch';
  const { head, body } = await carry({ ...call, mode });
  try {
    return { answered: openAnswer(head), body };
  } catch (error) {
    if (!(error instanceof XRoadError) || error.code !== WANTS_MESSAGE || mode === 'message') throw error;
    if (known.size >= 10_000) known.clear();
    wantsMessage.set(trust.self, known.add(service));
    // What was streamed is gone; the next call of this caller will go through.
    if (call.body !== null && !(call.body instanceof Uint8Array)) throw error;
  }
  const again = await carry({ ...call, mode: 'message' });
  return { answered: openAnswer(again.head), body: again.body };
}

/** Node gives the octets of a request line as they came; the absolute form (RFC 9112 section 3.2.2) is brought into the usual one. */
const targetOf = (url: string): string => url.replace(/^https?:\/\/[^/?#]*/i, '');

/** What the caller's own gateway answers, without a client header. */
async function answerLocally(
  ctx: DoorsContext,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  headers: readonly Header[],
): Promise<boolean> {
  const [path = '', query = ''] = target.split('?', 2);
  if (request.method !== 'GET' || (path !== '/listClients' && path !== '/verificationconf')) return false;
  await demandAnySystem(ctx, shownBy(request));
  if (path === '/verificationconf') {
    response.writeHead(200, { 'Content-Type': 'application/zip' }).end(await verificationConf(ctx));
    return true;
  }
  const instance = new URLSearchParams(query).get('xRoadInstance') ?? undefined;
  const wantsJson = valuesOf(headers, 'accept').some((value) => /\bapplication\/json\b/.test(value));
  const list = await listClients(ctx, instance, wantsJson);
  if (list === undefined) throw new XRoadError('client', 'bad_request', 'Unknown X-Road instance');
  response.writeHead(200, { 'Content-Type': list.type }).end(list.body);
  return true;
}

/** The system that a request names, whether it is it or not: only the style of errors follows from it so far. */
async function claimedSystem(ctx: DoorsContext, headers: readonly Header[]): Promise<System | undefined> {
  const value = valuesOf(headers, 'x-road-client').at(-1);
  if (value === undefined) return undefined;
  let id: SystemId | undefined;
  try {
    id = systemOf(clientParts(parseClient(value)));
  } catch {
    return undefined;
  }
  return id === undefined ? undefined : (await currentRules(ctx)).systems.get(systemName(id));
}

function demandCaller({ client }: XRoadRequest, claimed: System | undefined, shown: Shown): void {
  const parts = clientParts(client);
  const name = spelled(client.subsystem === undefined ? 'MEMBER' : 'SUBSYSTEM', parts);
  if (claimed === undefined) throw new XRoadError('client', 'unknown_member', `Client '${name}' not found`);
  try {
    demandProven(claimed, shown);
  } catch (error) {
    if (!isFailure(error, 'ACCESS_SYSTEM_UNPROVEN')) throw error;
    throw new XRoadError(
      'client',
      'ssl_authentication_failed',
      `Client '${name}' is not authenticated: ${error.params.reason}`,
    );
  }
}

async function demandAnySystem(ctx: DoorsContext, shown: Shown): Promise<void> {
  for (const system of (await currentRules(ctx)).systems.values()) {
    try {
      demandProven(system, shown);
      return;
    } catch (error) {
      if (!isFailure(error, 'ACCESS_SYSTEM_UNPROVEN')) throw error;
    }
  }
  throw new XRoadError('client', 'ssl_authentication_failed', 'Only a system of this node may ask');
}

/** What the connection proves. An address is the socket's: no header counts. */
export function shownBy(request: IncomingMessage): Shown {
  const socket = request.socket as TLSSocket;
  const encrypted = socket.encrypted === true;
  const certificate = encrypted ? socket.getPeerX509Certificate() : undefined;
  return {
    encrypted,
    address: socket.remoteAddress ?? '',
    fingerprint: certificate === undefined ? undefined : digestHex(certificate.raw),
  };
}

/** The state whose node is to be asked. */
function demandProviderState({ trust }: DoorsContext, { service, securityServer }: XRoadRequest): string {
  const state = stateOf(service[0] ?? '');
  const provider = systemOf(service);
  const isKnown =
    state !== undefined &&
    provider !== undefined &&
    trust.states().includes(state) &&
    trust.manifest(state).agencies.some(({ id }) => id === provider.agency);
  if (!isKnown)
    throw new XRoadError(
      'client',
      'unknown_member',
      `Could not find addresses for service provider "${spelled('SERVICE', service)}"`,
    );
  if (securityServer !== undefined && securityServer.join('/') !== serverOf(state).join('/'))
    throw new XRoadError(
      'client',
      'invalid_security_server',
      `Could not find security server "${spelled('SERVER', securityServer)}"`,
    );
  return state;
}

interface Content {
  body: Body;
  /** The SHA-512 of all of it, once it has passed; undefined where there was none. */
  digest(): Promise<Buffer | undefined>;
}

/** A small body is read whole; others are streamed, and hashed on their way. */
async function contentOf(request: IncomingMessage): Promise<Content> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0 && request.headers['transfer-encoding'] === undefined)
    return { body: null, digest: async () => undefined };
  if (length > 0 && length <= WHOLE) {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const whole = Buffer.concat(parts);
    return { body: whole, digest: async () => hash('sha512', whole, 'buffer') };
  }
  const digest = createHash('sha512');
  let size = 0;
  const stream = new PassThrough();
  const done = new Promise<Buffer | undefined>((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      size += part.length;
      digest.update(part);
    });
    pipeline(request, stream, (error) => (error ? reject(error) : resolve(size === 0 ? undefined : digest.digest())));
  });
  done.catch(() => undefined);
  return { body: stream as Readable, digest: () => done };
}

/** Exactly one `Date`: the service's first, or the one that Node adds where it gave none. */
function oneDate(headers: readonly Header[]): Header[] {
  let seen = false;
  return headers.filter(([name]) => {
    if (name.toLowerCase() !== 'date') return true;
    if (seen) return false;
    seen = true;
    return true;
  });
}

async function refuse(
  ctx: DoorsContext,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  style: ErrorStyle,
): Promise<void> {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof XRoadError ? error : fromCarrier(error);
  const detail = known.detail ?? randomId();
  if (known.side === 'client') ctx.report(detail, error instanceof XRoadError ? new XRoadReported(error) : error);
  const { status, headers, body } = writeError(known, style, detail);
  const whole = await readAway(request);
  if (response.destroyed) return;
  const end = whole ? [] : ['Connection', 'close'];
  response.writeHead(status, [...headers, 'Content-Length', String(body.length), ...end]);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** For the log: the code alone, since a message may quote what the caller wrote. */
class XRoadReported extends Error {
  readonly code: string;
  constructor({ side, code }: XRoadError) {
    super('refused');
    this.name = 'XRoadError';
    this.code = `${side}proxy.${code}`;
  }
}

/** What whoever carries says, in the protocol's words. */
function fromCarrier(error: unknown): XRoadError {
  if (!isFailure(error)) return new XRoadError('client', 'internal_error', 'Internal error');
  if (/UNREACHABLE|FOREIGN_CERTIFICATE|TIMEOUT/.test(error.code) && !error.code.startsWith('STORAGE'))
    return new XRoadError('client', 'network_error', `The node of the provider cannot be reached: ${error.code}`);
  if (error.code === 'CALLS_OUTCOME_UNKNOWN')
    return new XRoadError('client', 'io_error', `The outcome of the call is not known: ${error.code}`);
  if (error.code.startsWith('STORAGE'))
    return new XRoadError('client', 'logging_failed', `The message was not logged: ${error.code}`);
  return new XRoadError('client', 'internal_error', `The call failed: ${error.code}`);
}
