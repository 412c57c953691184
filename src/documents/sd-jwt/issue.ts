import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { type PublicKey, randomBytes, rawSign, type SigningKey, sha256, toBase64Url } from '../../crypto/index.ts';
import type { Instant, Json } from '../../storage/index.ts';
import { joseAlgorithm } from './jws.ts';

/** Who signs: the state's document key, and its certificate under the state's root (the root itself is left out, as HAIP asks). */
export interface DocumentSigner {
  key: SigningKey;
  x5c: string[];
}

export interface SdJwtContent {
  vct: string;
  issuedAt: Instant;
  expiresAt?: Instant;
  /** Claims that every verifier sees. */
  open: Record<string, Json>;
  /** Claims that the holder shows or keeps, each alone. */
  hidden: Record<string, Json>;
  status: { uri: string; index: number };
  holderKey?: PublicKey;
}

/** Digests of nothing beside the real ones: how many claims are hidden stays hidden (RFC 9901 section 4.2.7). */
const DECOYS = 2;

/**
 * Issues an SD-JWT VC (`dc+sd-jwt`) in its compact form, all disclosures attached. There is no `iss`: with `x5c` the issuer is who the
 * certificate says (draft-ietf-oauth-sd-jwt-vc since -10; HAIP 1.0), and a second name could only contradict it.
 * @returns `<token>~<disclosure>~...~`
 * @example const text = await issueSdJwt(signer, { vct: 'urn:commonway:pension:decision:1', issuedAt, open, hidden, status })
 */
export async function issueSdJwt(signer: DocumentSigner, content: SdJwtContent): Promise<string> {
  const writer = new SDJwtVcInstance({
    hasher: (data) => sha256(typeof data === 'string' ? data : new Uint8Array(data)),
    hashAlg: 'sha-256',
    saltGenerator: (length) => toBase64Url(randomBytes(length)),
    signAlg: joseAlgorithm[signer.key.public.suite],
    signer: (signed) => toBase64Url(rawSign(signer.key, Buffer.from(signed))),
  });
  const payload: { vct: string } & Record<string, unknown> = {
    vct: content.vct,
    iat: seconds(content.issuedAt),
    ...(content.expiresAt === undefined ? {} : { exp: seconds(content.expiresAt) }),
    ...content.open,
    ...content.hidden,
    ...(content.holderKey === undefined ? {} : { cnf: { jwk: { ...content.holderKey.jwk } } }),
    status: { status_list: { idx: content.status.index, uri: content.status.uri } },
  };
  const hidden = Object.keys(content.hidden);
  // The frame's type wants the keys of a known payload; ours are the agreement's.
  return writer.issue(payload, { _sd: hidden, _sd_decoy: DECOYS } as never, { header: { x5c: signer.x5c } });
}

const seconds = (at: Instant): number => Math.floor(Date.parse(at) / 1000);
