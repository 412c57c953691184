import { isIP } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { buildConnector, Pool } from 'undici';
import { Failure } from '../../storage/index.ts';
import type { NodeKeys, TrustView } from '../../union/index.ts';
import { LIMITS } from '../limits.ts';
import { stateAtOtherEnd } from './fingerprint.ts';

interface PeerQuestion {
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Until the answer is whole; default 30 s. */
  timeoutMs?: number;
}

interface PeerAnswer {
  status: number;
  fields: { name: string; value: string }[];
  body: Buffer;
}

/** A connection to a peer, and who is at its other end by the manifests of this moment. */
export interface PeerSocket {
  socket: TLSSocket;
  peer(): string | undefined;
}

/** Connections to the other nodes: mutual TLS 1.3, kept alive, pinned at both ends. */
export interface PeerClient {
  /**
   * Asks a peer at the address in its manifest.
   * @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_FOREIGN_CERTIFICATE where another than the peer answers there
   */
  ask(peer: string, question: PeerQuestion): Promise<PeerAnswer>;
  /**
   * A connection of its own to a peer, for another protocol than HTTP, by its name in the handshake (ALPN).
   * @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_FOREIGN_CERTIFICATE; UNREACHABLE too where the peer does not speak it
   */
  connect(peer: string, protocol: string): Promise<PeerSocket>;
  /** What stands in the Host field of requests to this peer. */
  authorityOf(peer: string): string;
  stop(): Promise<void>;
}

/** Who is pinned where, and with what this node shows itself. */
interface ClientOptions {
  trust: Pick<TrustView, 'manifest' | 'stateOfCertificate'>;
  tls: NodeKeys['tls'];
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 10_000;

/** Makes the client. A peer's pool is made when it is first asked, and anew when its manifest names another address. */
export function makePeerClient(options: ClientOptions): PeerClient {
  const pools = new Map<string, { address: string; pool: Pool }>();
  let stopped = false;
  const authorityOf = (peer: string): string => {
    const { host, port } = options.trust.manifest(peer).endpoints.exchange;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  };
  const poolOf = (peer: string): Pool => {
    const address = authorityOf(peer);
    const known = pools.get(peer);
    if (known?.address === address) return known.pool;
    void known?.pool.close().catch(() => undefined);
    const pool = makePool(peer, address, options);
    pools.set(peer, { address, pool });
    return pool;
  };
  return {
    authorityOf,
    async ask(peer, { method, path, headers, body, timeoutMs = TIMEOUT_MS }) {
      if (stopped) throw new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'stopped' });
      try {
        const answer = await poolOf(peer).request({
          method,
          path,
          headers: headers ?? {},
          body: body ?? null,
          signal: AbortSignal.timeout(timeoutMs),
          responseHeaders: 'raw',
        });
        const content = await readAnswer(peer, answer.body);
        return {
          status: answer.statusCode,
          fields: fieldsOf(answer.headers as unknown as (Buffer | string)[]),
          body: content,
        };
      } catch (error) {
        throw asUnreachable(peer, error);
      }
    },
    async connect(peer, protocol) {
      if (stopped) throw new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'stopped' });
      try {
        return await openSocket(peer, protocol, options);
      } catch (error) {
        throw asUnreachable(peer, error);
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy().catch(() => undefined)));
      pools.clear();
    },
  };
}

/** The other end's certificate is checked before a byte goes there; nothing that waits for the handshake is left when it fails. */
function openSocket(peer: string, protocol: string, { trust, tls }: ClientOptions): Promise<PeerSocket> {
  const { host, port } = trust.manifest(peer).endpoints.exchange;
  return new Promise((resolve, reject) => {
    const socket = connectTls({ ...pinned(tls, host), host, port, ALPNProtocols: [protocol] });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(CONNECT_MS, () => fail(new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'timeout' })));
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      socket.on('error', () => socket.destroy());
      if (stateAtOtherEnd(socket, trust) !== peer) return fail(new Failure('EXCHANGE_FOREIGN_CERTIFICATE', { peer }));
      if (socket.alpnProtocol !== protocol)
        return fail(new Failure('EXCHANGE_UNREACHABLE', { peer, reason: `it does not speak ${protocol}` }));
      resolve({ socket, peer: () => stateAtOtherEnd(socket, trust) });
    });
  });
}

/** How this node shows itself to whoever it connects to. The check of the other end is ours, and is the whole check. */
const pinned = (tls: NodeKeys['tls'], host: string) =>
  ({
    cert: tls.certificatePem,
    key: tls.privateKeyPem,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  }) satisfies ConnectionOptions;

function makePool(peer: string, address: string, { trust, tls }: ClientOptions): Pool {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const connector = buildConnector({
    ...pinned(tls, host),
    // A resumed session would bring the certificate of an earlier connection.
    maxCachedSessions: 0,
    timeout: CONNECT_MS,
    allowH2: false,
  });
  return new Pool(`https://${address}`, {
    connections: 4,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    allowH2: false,
    connect(where, callback) {
      connector(where, (...result) => {
        const [error, socket] = result;
        if (error) return callback(error, null);
        if (stateAtOtherEnd(socket as TLSSocket, trust) !== peer) {
          socket.destroy();
          return callback(new Failure('EXCHANGE_FOREIGN_CERTIFICATE', { peer }), null);
        }
        return callback(null, socket);
      });
    },
  });
}

async function readAnswer(peer: string, body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > LIMITS.batchBytes) throw new Failure('EXCHANGE_ANSWER', { peer, reason: 'it is too large' });
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

function fieldsOf(raw: (Buffer | string)[]): PeerAnswer['fields'] {
  const fields: PeerAnswer['fields'] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const text = (part: Buffer | string | undefined): string =>
      typeof part === 'string' ? part : (part?.toString('latin1') ?? '');
    fields.push({ name: text(raw[index]).toLowerCase(), value: text(raw[index + 1]) });
  }
  return fields;
}

function asUnreachable(peer: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, name, cause } = error as { code?: string; name?: string; cause?: unknown };
  if (cause instanceof Failure) return cause;
  return new Failure('EXCHANGE_UNREACHABLE', { peer, reason: code ?? name ?? 'unknown' }, { cause: error });
}
