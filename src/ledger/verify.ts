import { digestOf } from '../crypto/index.ts';
import type { Json } from '../storage/index.ts';
import { nodeProofCrypto } from './node-proof-crypto.ts';
import {
  type InclusionProof,
  type LeafKind,
  type LedgerTrust,
  type ProofRefusal,
  type VerifiedInclusion,
  verifyInclusion as verifyInclusionBy,
} from './proof/index.ts';

export interface InclusionTrust extends LedgerTrust {
  /** The content that the leaf is said to be of: its digest must be the proof's. */
  content?: Json;
  /** What the leaf is said to tell. */
  kind?: LeafKind;
}

/**
 * Verifies an inclusion proof in node: see `proof/inclusion.ts`, which browsers use.
 * @example
 * const result = await verifyInclusion(proof, { origin, ledgerKeys, witnesses, quorum: quorumOf(witnesses.length), content });
 * if (!result.verified) throw new Failure(result.code, result.params);
 */
export function verifyInclusion(
  proof: InclusionProof,
  { content, ...trust }: InclusionTrust,
): Promise<VerifiedInclusion | ProofRefusal> {
  return verifyInclusionBy(
    nodeProofCrypto,
    proof,
    content === undefined ? trust : { ...trust, contentDigest: digestOf(content) },
  );
}
