import {
  component,
  createSignatureSync,
  type FieldOccurrence,
  isSignatureError,
  type RequestDescriptor,
  type ResponseDescriptor,
  type SignatureComponent,
  verifySignature,
} from 'http-message-sig';
import { isInnerList, parseDictionary } from 'structured-headers';
import { type PublicKey, rawSign, rawVerify, type SigningKey, type Suite, sha256 } from '../../crypto/index.ts';
import { Failure, type Instant } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';

/** Names of RFC 9421 section 6.2 for our suites. The name is never read from a message: the key's suite gives it. */
const ALGORITHMS: Record<Suite, string> = { ed25519: 'ed25519', es256: 'ecdsa-p256-sha256' };

const LABEL = 'commonway';
const REQUEST_TAG = 'commonway-batch';
const RESPONSE_TAG = 'commonway-receipts';
const WEBHOOK_TAG = 'commonway-webhook';

const REQUEST_COMPONENTS: SignatureComponent[] = ['@method', '@authority', '@path', 'content-type', 'content-digest'];
/** The response is bound to the request that it answers: to its content and to its signature (RFC 9421 section 2.4). */
const RESPONSE_COMPONENTS: SignatureComponent[] = [
  '@status',
  'content-type',
  'content-digest',
  component('content-digest', { req: true }),
  component('signature', { req: true, key: LABEL }),
];

/** A request as both ends see it. `authority` is what stands in the Host field. */
export interface BoundRequest {
  method: string;
  authority: string;
  path: string;
  /** Field names and values in their order. */
  fields: readonly FieldOccurrence[];
}

/** The Content-Digest field of RFC 9530 for a content. */
export function contentDigest(content: Uint8Array): string {
  return `sha-256=:${sha256(content).toString('base64')}:`;
}

/**
 * Checks the Content-Digest field against the content that came.
 * @throws Failure EXCHANGE_CONTENT_DIGEST where it is missing, has no SHA-256 or names another digest
 */
export function demandContentDigest(field: string | undefined, content: Uint8Array): void {
  let found: unknown;
  try {
    const member = parseDictionary(field ?? '').get('sha-256');
    if (member !== undefined && !isInnerList(member)) found = member[0];
  } catch {
    // Not a dictionary: refused below as any other wrong digest.
  }
  if (!(found instanceof ArrayBuffer) || !sha256(content).equals(Buffer.from(found))) {
    throw new Failure('EXCHANGE_CONTENT_DIGEST');
  }
}

/** The Signature-Input and Signature fields of a request (RFC 9421). */
export function signRequest(request: BoundRequest, key: SigningKey, now: Instant): Record<string, string> {
  return sign(describe(request), REQUEST_COMPONENTS, REQUEST_TAG, key, now);
}

/**
 * The Signature-Input and Signature fields of an event that goes to a receiver outside the union.
 * @param nonce another one for each try: who sees it twice sees a replay
 */
export function signWebhook(
  request: BoundRequest,
  key: SigningKey,
  now: Instant,
  nonce: string,
): Record<string, string> {
  return sign(describe(request), REQUEST_COMPONENTS, WEBHOOK_TAG, key, now, nonce);
}

/** The Signature-Input and Signature fields of the response to a signed request. */
export function signResponse(
  response: { status: number; fields: readonly FieldOccurrence[]; request: BoundRequest },
  key: SigningKey,
  now: Instant,
): Record<string, string> {
  return sign(describeResponse(response), RESPONSE_COMPONENTS, RESPONSE_TAG, key, now);
}

function sign(
  message: RequestDescriptor | ResponseDescriptor,
  components: SignatureComponent[],
  tag: string,
  key: SigningKey,
  now: Instant,
  nonce?: string,
): Record<string, string> {
  const fields = createSignatureSync(message, {
    label: LABEL,
    components,
    parameters: { created: seconds(now), keyid: key.public.id, ...(nonce === undefined ? {} : { nonce }), tag },
    signer: { algorithm: ALGORITHMS[key.public.suite], sign: (base) => rawSign(key, base) },
  });
  return { 'signature-input': fields.signatureInput, signature: fields.signature };
}

/** By which keys a signature is checked: the reader's own list, by key id. */
type KeyFinder = (keyId: string) => PublicKey;

/**
 * Verifies a request's signature.
 * @returns when it was signed, by the signer's clock, in milliseconds
 * @throws Failure EXCHANGE_HTTP_SIGNATURE
 */
export function verifyRequest(request: BoundRequest, findKey: KeyFinder, now: Instant): Promise<number> {
  return verify(describe(request), REQUEST_COMPONENTS, REQUEST_TAG, findKey, now);
}

/** Verifies a response's signature, which covers the request too. @throws Failure EXCHANGE_HTTP_SIGNATURE */
export function verifyResponse(
  response: { status: number; fields: readonly FieldOccurrence[]; request: BoundRequest },
  findKey: KeyFinder,
  now: Instant,
): Promise<number> {
  return verify(describeResponse(response), RESPONSE_COMPONENTS, RESPONSE_TAG, findKey, now);
}

async function verify(
  message: RequestDescriptor | ResponseDescriptor,
  components: SignatureComponent[],
  tag: string,
  findKey: KeyFinder,
  now: Instant,
): Promise<number> {
  try {
    const verified = await verifySignature(message, {
      label: LABEL,
      policy: {
        algorithms: Object.values(ALGORITHMS),
        requiredComponents: components,
        requiredParameters: ['created', 'keyid', 'tag'],
        now: seconds(now),
        // Only a far bound: how much two clocks may differ is judged apart, so that it has its own code.
        maxAge: 86_400 * 366,
        clockSkew: 86_400 * 366,
      },
      resolveVerifier(candidate) {
        const key = findKey(String(candidate.parameters.keyid));
        return {
          algorithm: ALGORITHMS[key.suite],
          verify: (base, signature) => rawVerify(key, base, signature),
        };
      },
    });
    if (verified.parameters.tag !== tag)
      throw new Failure('EXCHANGE_HTTP_SIGNATURE', { reason: 'it is for another use' });
    // A parameter that nobody asked for could mean something to another reader.
    const extra = Object.keys(verified.parameters).filter((name) => !['created', 'keyid', 'tag'].includes(name));
    if (extra.length > 0 || verified.components.length !== components.length) {
      throw new Failure('EXCHANGE_HTTP_SIGNATURE', { reason: 'it covers or says something else than the protocol' });
    }
    return (verified.parameters.created as number) * 1000;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!isSignatureError(error)) throw error;
    if (error.cause instanceof Failure) {
      throw new Failure('EXCHANGE_HTTP_SIGNATURE', { reason: error.cause.code }, { cause: error.cause });
    }
    throw new Failure('EXCHANGE_HTTP_SIGNATURE', { reason: error.code }, { cause: error });
  }
}

/** How far the signer's clock is ahead of ours in milliseconds, beyond what the coarse `created` (whole seconds) leaves open. */
export function skewOf(signedAt: number, now: Instant): number {
  const ahead = signedAt - Date.parse(now);
  return Math.abs(ahead) > LIMITS.skewMs + 1000 ? ahead : 0;
}

const seconds = (now: Instant): number => Math.floor(Date.parse(now) / 1000);

function describe({ method, authority, path, fields }: BoundRequest): RequestDescriptor {
  return { kind: 'request', method, targetUri: `https://${authority}${path}`, fields };
}

function describeResponse(response: {
  status: number;
  fields: readonly FieldOccurrence[];
  request: BoundRequest;
}): ResponseDescriptor {
  const { status, fields, request } = response;
  return { kind: 'response', status, fields, request: describe(request) };
}
