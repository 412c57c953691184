// The door of the crypto room: suites, keys, canonical bytes, signatures, digests, certificates.
export { fromBase64Url, toBase64Url } from './base64url.ts';
export { canonicalJson } from './canonical-json.ts';
export { certificateEnds, certificateFingerprint, verifyCertificateChain } from './certificate-chain.ts';
export {
  type Certificate,
  type CertificateName,
  issueCertificate,
  makeCertificate,
  makeRootCertificate,
} from './certificates.ts';
export { digestHex, digestOf, sha256 } from './digests.ts';
export { type CryptoFailureCode, cryptoFailures } from './failures.ts';
export { isId, randomBytes, randomId } from './ids.ts';
export {
  demandSuite,
  exportSigningKey,
  generateKey,
  importPublicKey,
  importSigningKey,
  type PublicKey,
  privateKeyPem,
  publicKeyJson,
  type SigningKey,
} from './keys.ts';
export { lockWith, unlockWith } from './passphrase.ts';
export { countersign, parseSealed, type Sealed, seal, sealedBytes, signersOf } from './sealed.ts';
export { rawSign, rawVerify, signBytes, verifyBytes } from './signatures.ts';
export type { PrivateJwk, PublicJwk, Suite } from './suite.ts';
export { suites } from './suites.ts';
