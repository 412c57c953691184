import { X509Certificate } from 'node:crypto';
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from './problem.ts';
import type { ClientOptions, Json } from './types.ts';

/** A question to the node. */
export interface Question {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Whether it may be asked again where no answer came. */
  again?: boolean;
  signal?: AbortSignal | undefined;
}

/** Asks the node over connections that stay open. */
export interface Asking {
  ask<T>(question: Question): Promise<T>;
  close(): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

export function askingOf(options: ClientOptions): Asking {
  const base = new URL(options.url);
  const secure = base.protocol === 'https:';
  const agent = secure ? new TlsAgent(tlsOf(options)) : new PlainAgent({ keepAlive: true, maxSockets: 64 });
  const timeout = options.timeoutMs ?? 60_000;

  function once<T>({ method, path, query = {}, headers = {}, body, signal }: Question): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body), 'utf8');
    return new Promise<T>((resolve, reject) => {
      const request = (secure ? tlsRequest : plainRequest)({
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port === '' ? (secure ? 443 : 80) : Number(base.port),
        path: `/api/v1${path}${search === '' ? '' : `?${search}`}`,
        method,
        agent,
        timeout,
        headers: {
          accept: 'application/json, application/problem+json',
          ...(options.system !== undefined && { 'commonway-system': options.system }),
          ...(content !== undefined && { 'content-type': 'application/json', 'content-length': content.length }),
          ...headers,
        },
        ...(signal !== undefined && { signal }),
      });
      request.once('timeout', () => request.destroy(new Error('no answer in time')));
      request.once('error', (error) =>
        reject(signal?.aborted ? signal.reason : new Problem(0, { code: 'UNREACHABLE', detail: error.message })),
      );
      request.once('response', (response) => void read<T>(response).then(resolve, reject));
      request.end(content);
    });
  }

  return {
    async ask<T>(question: Question): Promise<T> {
      const tries = question.again === false ? 1 : (options.tries ?? 8);
      for (let attempt = 1; ; attempt++) {
        try {
          return await once<T>(question);
        } catch (error) {
          if (!(error instanceof Problem) || !error.passes || attempt >= tries) throw error;
          const backOff =
            Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.67 + Math.random() * 0.66);
          await pause(Math.max(backOff, (error.retryAfter ?? 0) * 1000), undefined, { signal: question.signal });
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** The node's certificate is pinned by its digest: it is nobody else's word that it is the node's. */
function tlsOf({ certificate, key, nodeCertificate }: ClientOptions) {
  const pinned = nodeCertificate === undefined ? undefined : new X509Certificate(nodeCertificate).fingerprint256;
  return {
    keepAlive: true,
    maxSockets: 64,
    cert: certificate,
    key,
    ...(nodeCertificate !== undefined && {
      ca: nodeCertificate,
      checkServerIdentity: (_host: string, shown: { fingerprint256: string }) =>
        shown.fingerprint256 === pinned ? undefined : new Error('it is another certificate than the pinned one'),
    }),
  };
}

async function read<T>(response: IncomingMessage): Promise<T> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part as Buffer);
  } catch {
    throw new Problem(0, { code: 'UNREACHABLE', detail: 'the answer broke off' });
  }
  const status = response.statusCode ?? 0;
  let value: Json;
  try {
    value = JSON.parse(Buffer.concat(parts).toString('utf8')) as Json;
  } catch {
    throw new Problem(status, { code: 'NOT_JSON', detail: `the answer with status ${status} is not JSON` });
  }
  if (status < 300) return value as T;
  const seconds = Number(response.headers['retry-after']);
  const problem = value as { code?: string; detail?: string; instance?: string; denial?: string };
  const { code = `HTTP_${status}`, detail = '', ...more } = problem;
  throw new Problem(status, { code, detail, ...more }, Number.isFinite(seconds) && seconds > 0 ? seconds : undefined);
}
