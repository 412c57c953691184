import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { CloudEvent } from './event-types.ts';

/** A key of a node: `client.webhookKeys()`. Whoever takes it from elsewhere takes somebody's word that it is the node's. */
export interface WebhookKey {
  suite: 'ed25519' | 'es256';
  id: string;
  jwk: { kty: string; crv: string; x: string; y?: string };
}

/** A request as the receiver's own server saw it. */
export interface WebhookRequest {
  method: string;
  /** The address that was given when subscribing: what the proxy before the server made of it does not count. */
  url: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The very bytes that came. */
  body: Uint8Array;
}

export interface VerifyWebhookOptions {
  keys: readonly WebhookKey[];
  /**
   * Remembers that a signature was seen, until that moment. Gives false where it was before: the request is a replay. Where several processes
   * receive, they must share this memory.
   */
  remember(nonce: string, until: Date): boolean | Promise<boolean>;
  /** How far the clocks of both may differ, and how long a request may be on its way; default 300. */
  toleranceSeconds?: number;
  /** Default: the machine's. */
  now?: Date;
}

/** Why a request is not the node's, or not for now. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly code: 'MALFORMED' | 'KEY_UNKNOWN' | 'SIGNATURE' | 'CONTENT_DIGEST' | 'TOO_OLD' | 'REPLAYED';

  constructor(code: WebhookRefused['code']) {
    super(`the webhook request is refused: ${code}`);
    this.code = code;
  }
}

const COMPONENTS = '("@method" "@authority" "@path" "content-type" "content-digest")';
const INPUT =
  /^commonway=(\("@method" "@authority" "@path" "content-type" "content-digest"\);created=(\d{1,12});keyid="([\w-]{1,100})";nonce="([\w-]{16,64})";tag="commonway-webhook")$/;
const SIGNATURE = /^commonway=:([A-Za-z0-9+/]{86}==):$/;
const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const EVENT_TYPE = 'application/cloudevents+json';

/**
 * Verifies a request that a node brought to a webhook: HTTP message signature (RFC 9421) of the node over method, address, content type and
 * digest of the content (RFC 9530), its age, and that it was not seen before. Nothing of it counts before this returns.
 *
 * An event may still come twice, each time signed anew: remember its `source` and `id` with what you do.
 * @throws WebhookRefused
 * @example
 * const event = await verifyWebhook({ method, url: 'https://me.example/events', headers: request.headers, body }, { keys, remember });
 */
export async function verifyWebhook(
  { method, url, headers, body }: WebhookRequest,
  { keys, remember, toleranceSeconds = 300, now = new Date() }: VerifyWebhookOptions,
): Promise<CloudEvent> {
  const [type, digest] = [only(headers, 'content-type'), only(headers, 'content-digest')];
  const [, parameters = '', created = '', keyId = '', nonce = ''] = INPUT.exec(only(headers, 'signature-input')) ?? [];
  const [, signature = ''] = SIGNATURE.exec(only(headers, 'signature')) ?? [];
  if (parameters === '' || signature === '' || !parameters.startsWith(COMPONENTS) || type !== EVENT_TYPE)
    throw new WebhookRefused('MALFORMED');
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) throw new WebhookRefused('KEY_UNKNOWN');
  const { host, pathname } = new URL(url);
  const base = [
    `"@method": ${method}`,
    `"@authority": ${host}`,
    `"@path": ${pathname}`,
    `"content-type": ${type}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n');
  if (!isSigned(key, Buffer.from(base), Buffer.from(signature, 'base64'))) throw new WebhookRefused('SIGNATURE');
  const [, sum = ''] = DIGEST.exec(digest) ?? [];
  const told = Buffer.from(sum, 'base64');
  const own = createHash('sha256').update(body).digest();
  if (told.length !== own.length || !timingSafeEqual(told, own)) throw new WebhookRefused('CONTENT_DIGEST');
  const age = now.getTime() / 1000 - Number(created);
  if (Math.abs(age) > toleranceSeconds) throw new WebhookRefused('TOO_OLD');
  const until = new Date((Number(created) + toleranceSeconds + 1) * 1000);
  if (!(await remember(nonce, until))) throw new WebhookRefused('REPLAYED');
  return JSON.parse(Buffer.from(body).toString('utf8')) as CloudEvent;
}

/**
 * A memory of one process for `remember`.
 * @example const remember = rememberHere();
 */
export function rememberHere(): VerifyWebhookOptions['remember'] {
  const seen = new Map<string, number>();
  return (nonce, until) => {
    const now = Date.now();
    // In the order of their coming, and so about in that of their end.
    for (const [old, end] of seen) {
      if (end > now) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, until.getTime());
    return true;
  };
}

/** The algorithm is the key's, never the message's. */
function isSigned({ suite, jwk }: WebhookKey, base: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  if (suite === 'ed25519') return key.asymmetricKeyType === 'ed25519' && verify(null, base, key, signature);
  return key.asymmetricKeyType === 'ec' && verify('sha256', base, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** A field that must stand once. */
function only(headers: WebhookRequest['headers'], name: string): string {
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const value = found.length === 1 ? found[0]?.[1] : undefined;
  if (typeof value !== 'string') throw new WebhookRefused('MALFORMED');
  return value;
}
