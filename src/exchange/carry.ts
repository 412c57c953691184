import { Failure, isFailure } from '../storage/index.ts';
import type { ExchangeContext } from './context.ts';
import { receiveBatch } from './incoming/receive.ts';
import { clockSkew } from './protocol/batch.ts';
import { ANSWER_TYPE, BATCH_TYPE } from './protocol/frame.ts';
import { malformed } from './protocol/head.ts';
import {
  type BoundRequest,
  contentDigest,
  demandContentDigest,
  signRequest,
  signResponse,
  skewOf,
  verifyRequest,
  verifyResponse,
} from './protocol/http-binding.ts';
import type { PeerClient } from './transport/client.ts';
import type { PeerRequest, PeerResponse } from './transport/server.ts';

/** Where batches are posted. */
export const BATCH_PATH = '/exchange/batch';

/**
 * Carries a batch to a peer over HTTP: the content by its digest (RFC 9530), request and response each bound by a signature (RFC 9421),
 * the response to its request.
 * @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_PEER_REFUSED with the peer's code, EXCHANGE_HTTP_SIGNATURE, EXCHANGE_CONTENT_DIGEST
 */
export async function carryBatch(
  ctx: ExchangeContext,
  client: PeerClient,
  peer: string,
  frame: Buffer,
): Promise<Buffer> {
  const { trust, keys, clock } = ctx;
  const headers: Record<string, string> = { 'content-type': BATCH_TYPE, 'content-digest': contentDigest(frame) };
  const request: BoundRequest = { method: 'POST', authority: client.authorityOf(peer), path: BATCH_PATH, fields: [] };
  Object.assign(headers, signRequest({ ...request, fields: fieldsOf(headers) }, keys.messages, clock.now()));
  request.fields = fieldsOf(headers);
  const answer = await client.ask(peer, { method: 'POST', path: BATCH_PATH, headers, body: frame });
  if (answer.status !== 200) throw peerRefused(peer, answer.status, answer.body);
  demandContentDigest(onlyValue(answer.fields, 'content-digest'), answer.body);
  const now = clock.now();
  const findKey = (id: string) => trust.key(peer, 'messages', id, now);
  await verifyResponse({ status: answer.status, fields: answer.fields, request }, findKey, now);
  return answer.body;
}

/** Serves `POST /exchange/batch`. `unknownKey` is told of a peer whose manifest here seems to be old. */
export async function serveBatch(
  ctx: ExchangeContext,
  request: PeerRequest,
  unknownKey: (peer: string) => void,
): Promise<PeerResponse> {
  const { trust, keys, clock } = ctx;
  const { peer, body, fields, method, authority, path } = request;
  demandContentDigest(onlyValue(fields, 'content-digest'), body);
  if (onlyValue(fields, 'content-type') !== BATCH_TYPE) throw malformed('request', 'its content is of another type');
  const bound: BoundRequest = { method, authority, path, fields };
  const now = clock.now();
  try {
    const signedAt = await verifyRequest(bound, (id) => trust.key(peer, 'messages', id, now), now);
    const skew = skewOf(signedAt, now);
    if (skew !== 0) throw clockSkew(peer, trust.self, skew);
  } catch (error) {
    if (isFailure(error, 'EXCHANGE_HTTP_SIGNATURE') && error.params.reason === 'UNION_KEY_UNKNOWN') unknownKey(peer);
    throw error;
  }
  const answer = await receiveBatch(ctx, peer, body);
  const headers: Record<string, string> = { 'content-type': ANSWER_TYPE, 'content-digest': contentDigest(answer) };
  const response = { status: 200, fields: fieldsOf(headers), request: bound };
  Object.assign(headers, signResponse(response, keys.messages, clock.now()));
  const { 'content-type': type, ...others } = headers;
  return { status: 200, type: type as string, body: answer, headers: others };
}

function fieldsOf(headers: Record<string, string>): BoundRequest['fields'] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

/** The value of a field that must stand once. */
function onlyValue(fields: BoundRequest['fields'], name: string): string | undefined {
  const found = fields.filter((field) => field.name === name);
  return found.length === 1 ? found[0]?.value : undefined;
}

function peerRefused(peer: string, status: number, body: Buffer): Failure {
  let code = `HTTP_${status}`;
  try {
    const problem = JSON.parse(body.toString()) as { code?: unknown };
    if (typeof problem.code === 'string' && /^[A-Z_]{3,64}$/.test(problem.code)) code = problem.code;
  } catch {
    // Not a problem document: the status alone tells.
  }
  return new Failure('EXCHANGE_PEER_REFUSED', { peer, code });
}
