import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import type { Body } from '../../calls/index.ts';
import type { AnswerHead } from './carried.ts';
import { XRoadError } from './errors.ts';
import { type Header, pairsOf } from './head.ts';

const AGENTS = {
  'http:': new PlainAgent({ keepAlive: true, maxSockets: 256, timeout: 120_000 }),
  'https:': new TlsAgent({ keepAlive: true, maxSockets: 256, timeout: 120_000 }),
} as const;

interface Question {
  url: string;
  method: string;
  headers: readonly Header[];
  body: Body;
  signal: AbortSignal | undefined;
}

/**
 * Asks a service. Its answer comes as it is, whatever its status: redirections are not followed, headers keep case, order and repetition.
 * The path of the URL goes out byte for byte.
 * @throws XRoadError network_error, unknown_host, io_error
 */
export function askService({ url, method, headers, body, signal }: Question): Promise<AnswerHead & { body: Body }> {
  const { protocol, host, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const length = body instanceof Uint8Array ? ['Content-Length', String(body.length)] : [];
  const chunked = body !== null && !(body instanceof Uint8Array) ? ['Transfer-Encoding', 'chunked'] : [];
  return new Promise((resolve, reject) => {
    const request = (secure ? tlsRequest : plainRequest)({
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      // Not by way of a URL: parsing would write the path anew.
      path: url.slice(url.indexOf(host) + host.length) || '/',
      method,
      agent: secure ? AGENTS['https:'] : AGENTS['http:'],
      headers: ['Host', host, ...headers.flat(), ...length, ...chunked],
      ...(signal !== undefined && { signal }),
    });
    request.once('error', (error: NodeJS.ErrnoException) => reject(failed(error)));
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

function failed({ code = '' }: NodeJS.ErrnoException): XRoadError {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new XRoadError('server', 'unknown_host', 'The host of the service is unknown');
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(code))
    return new XRoadError('server', 'network_error', 'The service cannot be reached');
  return new XRoadError('server', 'io_error', 'The connection to the service broke');
}
