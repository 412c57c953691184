import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Failure, isFailure } from '../../storage/index.ts';
import type { NodeKeys, Trust } from '../../union/index.ts';
import { LIMITS } from '../limits.ts';
import { stateAtOtherEnd } from './fingerprint.ts';

/** A request from another node of the union; who it is was settled by the connection. */
export interface PeerRequest {
  peer: string;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** What stands in the Host field. */
  authority: string;
  fields: { name: string; value: string }[];
  body: Buffer;
}

export interface PeerResponse {
  status: number;
  type: string;
  body: Uint8Array | string;
  headers?: Record<string, string>;
}

/** By `METHOD /path`; a path that ends in `/*` takes everything below it. */
export type PeerRoutes = Record<string, (request: PeerRequest) => Promise<PeerResponse>>;

/**
 * What else than HTTP is spoken on the port, by the name under which it is agreed on in the handshake (ALPN, RFC 7301). Whoever takes
 * the connection asks `peer` again for each thing that comes on it: a certificate may end while a connection lasts.
 */
export type PeerProtocols = Record<string, (socket: TLSSocket, peer: () => string | undefined) => void>;

/** Who is known by which certificate; asked anew for each connection and request. */
type PinnedTrust = Pick<Trust, 'stateOfCertificate' | 'refresh'>;

interface PeerServer {
  port: number;
  /** Answers what is under way, then ends every connection. */
  stop(): Promise<void>;
}

/**
 * Serves the other nodes over mutual TLS 1.3. Whoever does not speak TLS, or shows a certificate that no manifest pins, is cut off
 * before a byte of his request is read.
 * @throws Failure EXCHANGE_PORT_TAKEN
 */
export async function startPeerServer(options: {
  trust: PinnedTrust;
  tls: NodeKeys['tls'];
  listen: { host: string; port: number };
  routes: PeerRoutes;
  protocols?: PeerProtocols;
  /** Told of an error that a route did not answer itself. */
  onError?(error: unknown): void;
}): Promise<PeerServer> {
  const { trust, tls, listen, routes, protocols = {} } = options;
  const front = createServer({
    keepAliveTimeout: 60_000,
    requestTimeout: 120_000,
    cert: tls.certificatePem,
    key: tls.privateKeyPem,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1', ...Object.keys(protocols)],
    requestCert: true,
    // No authority is asked: the manifests pin the certificates, checked on 'secureConnection' and at each request.
    rejectUnauthorized: false,
  });
  // The server's own listener speaks HTTP, with the limits above; it gets those connections that are for it.
  const [speakHttp] = front.rawListeners('secureConnection') as ((socket: TLSSocket) => void)[];
  front.removeAllListeners('secureConnection');
  const sockets = new Set<TLSSocket>();
  const lookAgain = atMostOnceASecond(() => trust.refresh());
  front.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    if (stateAtOtherEnd(socket, trust) === undefined) {
      socket.destroy();
      lookAgain();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const other = protocols[socket.alpnProtocol || ''];
    if (other !== undefined) other(socket, () => stateAtOtherEnd(socket, trust));
    else speakHttp?.call(front, socket);
  });
  front.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, trust, routes).catch((error: unknown) => {
      options.onError?.(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Failure('EXCHANGE_PORT_TAKEN', { port: listen.port }) : error);
    });
    front.listen(listen.port, listen.host, resolve);
  });
  return { port: (front.address() as AddressInfo).port, stop: () => stopServer(front, sockets) };
}

/** A stranger may be of a manifest that another process of this node has just learned; but strangers must not keep us busy. */
function atMostOnceASecond(work: () => Promise<void>): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < 1_000) return;
    last = performance.now();
    void work().catch(() => undefined);
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  trust: PinnedTrust,
  routes: PeerRoutes,
): Promise<void> {
  const peer = stateAtOtherEnd(request.socket as TLSSocket, trust);
  if (peer === undefined) {
    request.socket.destroy();
    return;
  }
  let result: PeerResponse;
  try {
    const read = await readRequest(request, peer);
    result = await route(read, routes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    result = problem(error);
  }
  const { status, type, body, headers } = result;
  response.writeHead(status, { ...headers, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function route(request: PeerRequest, routes: PeerRoutes): Promise<PeerResponse> {
  const exact = routes[`${request.method} ${request.path}`];
  if (exact) return exact(request);
  const below = Object.keys(routes).find(
    (name) => name.endsWith('/*') && `${request.method} ${request.path}`.startsWith(name.slice(0, -1)),
  );
  const found = below === undefined ? undefined : routes[below];
  if (!found) throw new Failure('EXCHANGE_NOT_FOUND');
  return found(request);
}

async function readRequest(request: IncomingMessage, peer: string): Promise<PeerRequest> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const fields: PeerRequest['fields'] = [];
  const { rawHeaders } = request;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    fields.push({ name: (rawHeaders[index] as string).toLowerCase(), value: rawHeaders[index + 1] as string });
  }
  return {
    peer,
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    authority: request.headers.host ?? '',
    fields,
    body: await readBody(request),
  };
}

/** @throws Failure EXCHANGE_TOO_LARGE before more than the limit is in memory */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const most = LIMITS.batchBytes;
  const tooLarge = (size: number): Failure =>
    new Failure('EXCHANGE_TOO_LARGE', { what: 'batch', size: `${size} bytes`, most: `${most} bytes` });
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) throw tooLarge(announced);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > most) throw tooLarge(size);
    parts.push(part as Buffer);
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
}

/** A refusal as RFC 9457 problem details with the code and its params. */
function problem(failure: Failure): PeerResponse {
  const status = isFailure(failure, 'EXCHANGE_NOT_FOUND')
    ? 404
    : isFailure(failure, 'EXCHANGE_TOO_LARGE')
      ? 413
      : isFailure(failure, 'EXCHANGE_BUSY', 'STORAGE_UNREACHABLE')
        ? 503
        : 400;
  const code = failure.code.startsWith('STORAGE_') ? 'EXCHANGE_BUSY' : failure.code;
  const params = code === failure.code ? failure.params : {};
  const body = JSON.stringify({ type: `urn:commonway:error:${code}`, title: code, status, code, params });
  const headers: Record<string, string> = status === 413 ? { connection: 'close' } : {};
  return { status, type: 'application/problem+json', body, headers };
}

async function stopServer(front: Server, sockets: ReadonlySet<TLSSocket>): Promise<void> {
  const closed = new Promise<void>((resolve) => front.close(() => resolve()));
  const idle = setInterval(() => front.closeIdleConnections(), 20);
  const last = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 2_000);
  await closed;
  clearInterval(idle);
  clearTimeout(last);
}
