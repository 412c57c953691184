import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import type { Body } from '../../calls/index.ts';
import type { AnswerHead } from './carried.ts';
import { XRoadError } from './errors.ts';
import { type Header, pairsOf } from './head.ts';

/** How long a service may say nothing. What it has said by then is not known to be all. */
const SILENCE_MS = 120_000;

const AGENTS = {
  'http:': new PlainAgent({ keepAlive: true, maxSockets: 256 }),
  'https:': new TlsAgent({ keepAlive: true, maxSockets: 256 }),
} as const;

interface Question {
  url: string;
  method: string;
  headers: readonly Header[];
  body: Body;
  signal: AbortSignal | undefined;
  silenceMs?: number;
}

/**
 * Asks a service. Its answer comes as it is, whatever its status: redirections are not followed, headers keep case, order and repetition.
 * The path of the URL goes out byte for byte.
 * @throws XRoadError network_error, unknown_host, io_error
 */
export function askService(question: Question): Promise<AnswerHead & { body: Body }> {
  const { url, method, headers, body, signal, silenceMs = SILENCE_MS } = question;
  const { protocol, host, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const length = body instanceof Uint8Array ? ['Content-Length', String(body.length)] : [];
  const chunked = body !== null && !(body instanceof Uint8Array) ? ['Transfer-Encoding', 'chunked'] : [];
  return new Promise((resolve, reject) => {
    const request = (secure ? tlsRequest : plainRequest)({
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      // Not by way of a URL: parsing would write the path anew.
      path: targetIn(url, protocol, host),
      method,
      timeout: silenceMs,
      agent: secure ? AGENTS['https:'] : AGENTS['http:'],
      headers: ['Host', host, ...headers.flat(), ...length, ...chunked],
      ...(signal !== undefined && { signal }),
    });
    request.on('error', (error: NodeJS.ErrnoException) => reject(failed(error)));
    // A service that accepts and then says nothing would hold the call, and the place it takes among others, for ever.
    request.once('timeout', () => request.destroy(new Error('silent')));
    request.once('response', (answer: IncomingMessage) => {
      const bare = method === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304;
      if (bare) answer.resume();
      resolve({
        status: answer.statusCode ?? 502,
        reason: answer.statusMessage ?? '',
        headers: pairsOf(answer.rawHeaders),
        body: bare ? null : answer,
      });
    });
    if (body === null || body instanceof Uint8Array) request.end(body ?? undefined);
    else pipeline(body, request, () => undefined);
  });
}

/** What stands after the host, byte by byte; a slash where there is no path. */
export function targetIn(url: string, protocol: string, host: string): string {
  const rest = url.slice(`${protocol}//${host}`.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function failed({ code = '' }: NodeJS.ErrnoException): XRoadError {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new XRoadError('server', 'unknown_host', 'The host of the service is unknown');
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(code))
    return new XRoadError('server', 'network_error', 'The service cannot be reached');
  return new XRoadError('server', 'io_error', 'The connection to the service broke');
}
