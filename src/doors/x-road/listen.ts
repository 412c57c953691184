import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps, type Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { randomId } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import { writeError, XRoadError } from './errors.ts';

/** A door that is open. */
export interface Listening {
  port: number;
  /** Answers what is under way, then ends every connection. */
  stop(): Promise<void>;
}

interface ListenOptions {
  listen: { host: string; port: number };
  tls: { certificatePem: string; privateKeyPem: string };
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** How long the head of a request may take; for tests. */
  headersMs?: number;
}

/** First byte of a TLS record of a handshake. No HTTP method begins with it. */
const HANDSHAKE = 0x16;
const HEADER_BYTES = 64 * 1024;
const HEADERS_MS = 60_000;
/** How long a connection may lie still in the middle of a request or an answer. */
const STILL_MS = 5 * 60_000;
/** Connections at once; more are closed as they come. */
const MOST_CONNECTIONS = 8_192;

/**
 * Listens on one port for TLS and for plain HTTP alike, told apart by the first byte; which of them a system may use is for the
 * access rights to say. Everybody is asked for a certificate, nobody is turned away for lack of one: certificates are looked up, not
 * issued by an authority.
 * @throws Failure DOORS_PORT_TAKEN
 */
export async function listen({ listen: at, tls, answer, headersMs = HEADERS_MS }: ListenOptions): Promise<Listening> {
  const common = {
    maxHeaderSize: HEADER_BYTES,
    keepAliveTimeout: 60_000,
    // A large body may take its time as long as it moves.
    requestTimeout: 0,
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.min(headersMs, 5_000),
  };
  const plain = createHttp(common);
  const secure = createHttps({
    ...common,
    cert: tls.certificatePem,
    key: tls.privateKeyPem,
    minVersion: 'TLSv1.2',
    requestCert: true,
    rejectUnauthorized: false,
  });
  for (const server of [plain, secure]) {
    attach(server, answer);
    server.setTimeout(STILL_MS);
    // Neither of them listens itself, and Node watches over slow heads only from this event on.
    server.emit('listening');
  }
  const sockets = new Set<Socket>();
  const front = createServer({ pauseOnConnect: false }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(60_000, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.unshift(first);
      (first[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  front.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    front.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Failure('DOORS_PORT_TAKEN', { port: at.port }) : error),
    );
    front.listen(at.port, at.host, resolve);
  });
  return {
    port: (front.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      plain.closeIdleConnections();
      secure.closeIdleConnections();
      const last = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 1_000);
      await closed;
      clearTimeout(last);
      for (const server of [plain, secure]) server.close(() => undefined);
    },
  };
}

function attach(server: Server | TlsServer, answer: ListenOptions['answer']): void {
  server.on('request', answer);
  // The protocol drops the header, so whatever else it asks for is not ours to refuse.
  server.on('checkExpectation', answer);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return void socket.destroy();
    socket.end(unparsed(error.code ?? ''));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
}

/** What Node's parser refuses never becomes a request; it is answered in the protocol's words all the same. */
function unparsed(code: string): Buffer {
  const [word, text] =
    code === 'HPE_INVALID_METHOD'
      ? ['invalid_http_method', 'Unsupported HTTP method']
      : code === 'HPE_INVALID_URL' || code === 'HPE_INVALID_CONSTANT'
        ? ['bad_request', 'Invalid character in path segment']
        : ['bad_request', 'Malformed HTTP request'];
  const error = new XRoadError('client', word as string, text as string);
  const { status, headers, body } = writeError(error, { dialect: 'lower', strict: false, accept: [] }, randomId());
  const lines = [`HTTP/1.1 ${status} Internal Server Error`, `Date: ${new Date().toUTCString()}`];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  lines.push(`Content-Length: ${body.length}`, 'Connection: close', '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]);
}
