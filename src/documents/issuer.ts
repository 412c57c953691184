import { type PublicKey, verifyCertificateChain } from '../crypto/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../storage/index.ts';
import type { TrustView } from '../union/index.ts';

/** Who issued a credential, by the verifier's own trust. */
export interface Issuer {
  state: string;
  key: PublicKey;
}

/**
 * The state whose root signed a document signer's certificate, and the signer's key: the root from the charter, the key also listed
 * in that state's manifest for documents at that moment. So a state can retire a key although its certificate lives on.
 * @param at when the signature claims to have been made
 * @throws Failure DOCUMENTS_ISSUER_UNKNOWN with the reason, DOCUMENTS_ISSUER_KEY
 */
export function issuerOf(trust: TrustView, x5c: string[], at: Instant): Issuer {
  let reason = '';
  // A root that was replaced, or is of a state that left, vouches for the past: which key counted when is the manifest's word.
  const roots = trust.everStates().flatMap((state) => trust.rootsEver(state).map((root) => ({ state, root })));
  for (const { state, root } of roots) {
    let key: PublicKey;
    try {
      key = verifyCertificateChain(x5c, { root, at });
    } catch (error) {
      if (!isFailure(error)) throw error;
      reason = String(error.params.reason ?? error.code);
      continue;
    }
    return { state, key: listedKey(trust, state, key, at) };
  }
  throw new Failure('DOCUMENTS_ISSUER_UNKNOWN', { reason });
}

/**
 * Checks that the claims name the issuer whom the certificate names, and an agency of that state.
 * @returns the agency's id
 * @throws Failure DOCUMENTS_ISSUER_NAME
 */
export function agencyOf(trust: TrustView, state: string, claims: Record<string, Json>): string {
  const wrong = (claim: string): Failure => new Failure('DOCUMENTS_ISSUER_NAME', { claim });
  // Our issuers write none (see issueSdJwt), and nothing here could say whether it is true.
  if (claims.iss !== undefined) throw wrong('iss');
  if (claims.issuing_country !== state.toUpperCase()) throw wrong('issuing_country');
  const agency = claims.issuing_authority;
  if (typeof agency !== 'string' || !trust.manifest(state).agencies.some(({ id }) => id === agency)) {
    throw wrong('issuing_authority');
  }
  return agency;
}

function listedKey(trust: TrustView, state: string, key: PublicKey, at: Instant): PublicKey {
  try {
    return trust.key(state, 'documents', key.id, at);
  } catch (error) {
    if (isFailure(error, 'UNION_KEY_UNKNOWN', 'UNION_KEY_NOT_VALID', 'UNION_MANIFEST_MISSING')) {
      throw new Failure('DOCUMENTS_ISSUER_KEY', { state }, { cause: error });
    }
    throw error;
  }
}
