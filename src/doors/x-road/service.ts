import { Agent } from 'undici';
import type { Body } from '../../calls/index.ts';
import type { AnswerHead } from './carried.ts';
import { XRoadError } from './errors.ts';
import { type Header, pairsOf } from './head.ts';

/** How long a service may say nothing. What it has said by then is not known to be all. */
const SILENCE_MS = 120_000;

/** Connections to services are kept. Nothing of an answer is followed, decoded or cached. */
const services = new Agent({ connections: 256, pipelining: 1, allowH2: false, maxHeaderSize: 64 * 1024 });

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
export async function askService(question: Question): Promise<AnswerHead & { body: Body }> {
  const { url, method, headers, body, signal, silenceMs = SILENCE_MS } = question;
  const { protocol, host, origin } = new URL(url);
  try {
    const {
      statusCode,
      statusText,
      headers: raw,
      body: answer,
    } = await services.request({
      origin,
      // Not by way of a URL: parsing would write the path anew.
      path: targetIn(url, protocol, host),
      method,
      headers: ['Host', host, ...headers.flat()],
      body,
      // A service that accepts and then says nothing would hold the call, and the place it takes among others, for ever.
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      responseHeaders: 'raw',
      ...(signal !== undefined && { signal }),
    });
    const bare = method === 'HEAD' || statusCode === 204 || statusCode === 304;
    if (bare) answer.resume();
    const fields = (raw as unknown as (Buffer | string)[]).map((part) => part.toString('latin1'));
    return { status: statusCode, reason: statusText, headers: pairsOf(fields), body: bare ? null : answer };
  } catch (error) {
    throw failed(error as NodeJS.ErrnoException);
  }
}

/** What stands after the host, byte by byte; a slash where there is no path. */
export function targetIn(url: string, protocol: string, host: string): string {
  const rest = url.slice(`${protocol}//${host}`.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function failed({ code = '' }: NodeJS.ErrnoException): XRoadError {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new XRoadError('server', 'unknown_host', 'The host of the service is unknown');
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'].includes(code))
    return new XRoadError('server', 'network_error', 'The service cannot be reached');
  return new XRoadError('server', 'io_error', 'The connection to the service broke');
}
