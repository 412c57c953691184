import type { KeyObject } from 'node:crypto';

/** The name of a suite in the registry. */
export type Suite = 'ed25519' | 'es256';

/** A public key as RFC 7517 writes it, with the members that its thumbprint covers and no other. */
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string } | { kty: 'EC'; crv: 'P-256'; x: string; y: string };
export type PrivateJwk = PublicJwk & { d: string };

/**
 * One signature algorithm with its strictness: for one key and one text there is no second form of a signature that verifies,
 * and for one key no second form of the key.
 */
export interface SuiteOperations {
  /** Bytes of a signature: both baseline suites have 64. */
  readonly signatureLength: number;
  generate(): PrivateJwk;
  /** The public members of a JWK, checked. @throws Failure CRYPTO_KEY */
  publicJwk(jwk: Record<string, unknown>): PublicJwk;
  importPublic(jwk: PublicJwk): KeyObject;
  /** @throws Failure CRYPTO_KEY where the private part does not belong to the public one */
  importPrivate(jwk: PrivateJwk): KeyObject;
  sign(key: KeyObject, bytes: Uint8Array): Buffer;
  /** Never throws for a signature of any shape: a wrong one is just not valid. */
  verify(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean;
}
