import { type KeyObject, X509Certificate } from 'node:crypto';
import { Failure, type Instant } from '../storage/index.ts';
import { toBase64Url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestHex, sha256 } from './digests.ts';
import { importPublicKey, type PublicKey, publicHandle } from './keys.ts';
import type { Suite } from './suite.ts';

const LONGEST_CHAIN = 2;
/** Node's name of a key's type. That an `ec` key lies on P-256 is checked when it is imported. */
const SUITE_OF_TYPE: Record<string, Suite> = { ed25519: 'ed25519', ec: 'es256' };

/**
 * Verifies a document signer's chain against a root key that the verifier already holds, and returns the signer's key.
 * `x5c` is the leaf alone, or the leaf and the root's own certificate, each in base64 DER (RFC 7515 section 4.1.6). Every
 * certificate must be within its dates at `at`; the leaf must be no authority; what stands above it must
 * be an authority. Nothing else in the chain is trusted.
 * @throws Failure CRYPTO_CERTIFICATE with the reason
 * @example const key = verifyCertificateChain(header.x5c, { root: charterState.root, at: clock.now() })
 */
export function verifyCertificateChain(x5c: string[], trust: { root: PublicKey; at: Instant }): PublicKey {
  if (x5c.length === 0 || x5c.length > LONGEST_CHAIN) throw refused('the chain is empty or too long');
  const chain = x5c.map(parse);
  const at = new Date(trust.at);
  const root = publicHandle(trust.root);
  chain.forEach((certificate, index) => {
    const above = chain[index + 1];
    if (!(certificate.validFromDate <= at && at <= certificate.validToDate))
      throw refused('it is not valid at that time');
    if (certificate.ca !== index > 0)
      throw refused(index > 0 ? 'an issuer is no authority' : 'the signer is an authority');
    if (above && certificate.issuer !== above.subject) throw refused('the names in the chain do not meet');
    if (!isSignedBy(certificate, above?.publicKey ?? root)) throw refused("its signature is not its issuer's");
  });
  const last = chain[chain.length - 1] as X509Certificate;
  if (chain.length > 1 && !last.publicKey.equals(root)) throw refused('the chain ends at another root');
  return keyOf((chain[0] as X509Certificate).publicKey);
}

/** Hex SHA-256 of a certificate's DER form, from PEM or DER: what manifests pin. @throws Failure CRYPTO_CERTIFICATE */
export function certificateFingerprint(certificate: string | Uint8Array): string {
  try {
    return digestHex(new X509Certificate(certificate).raw);
  } catch {
    throw refused('it cannot be read');
  }
}

function parse(base64: string): X509Certificate {
  const der = Buffer.from(base64, 'base64');
  if (der.toString('base64') !== base64) throw refused('it is not canonical base64');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    throw refused('it cannot be read');
  }
  if (!certificate.raw.equals(der)) throw refused('it has bytes that do not belong to it');
  return certificate;
}

function isSignedBy(certificate: X509Certificate, issuer: KeyObject): boolean {
  try {
    return certificate.verify(issuer);
  } catch {
    return false;
  }
}

function keyOf(handle: KeyObject): PublicKey {
  const suite = SUITE_OF_TYPE[handle.asymmetricKeyType ?? ''];
  if (!suite) throw refused('its key is of an unknown suite');
  const jwk = handle.export({ format: 'jwk' }) as JsonWebKey & Record<string, string>;
  return importPublicKey({ suite, id: toBase64Url(sha256(canonicalJson({ ...jwk }))), jwk });
}

const refused = (reason: string): Failure => new Failure('CRYPTO_CERTIFICATE', { reason });

/** Until when a certificate in PEM is valid. @throws Failure CRYPTO_CERTIFICATE */
export function certificateEnds(pem: string): Instant {
  try {
    return new X509Certificate(pem).validToDate.toISOString();
  } catch {
    throw refused('it cannot be read');
  }
}
