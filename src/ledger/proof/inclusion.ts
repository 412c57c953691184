import { fromBase64 } from './bytes.ts';
import { type LeafKind, type LeafOpening, leafData } from './leaf.ts';
import { hashLeaf, holdsInclusion } from './merkle.ts';
import { type LedgerTrust, malformed, type VerifiedCheckpoint, verifyCheckpoint } from './policy.ts';
import type { ProofCrypto } from './proof-crypto.ts';
import { type ProofRefusal, refuse } from './refusal.ts';

/** Everything that proves that one thing was logged, as plain JSON. */
export interface InclusionProof {
  origin: string;
  index: number;
  size: number;
  leaf: LeafOpening;
  /** Sibling hashes from the leaf upwards, base64. */
  path: string[];
  /** The signed note of the checkpoint, with the cosignatures that were there. */
  checkpoint: string;
}

export interface VerifiedInclusion {
  verified: true;
  /** How many of the trusted witnesses saw the checkpoint. */
  witnessed: number;
  witnesses: VerifiedCheckpoint['witnesses'];
  /** POSIX seconds by which a quorum of witnesses had seen it; null where the quorum is none. */
  seenBy: number | null;
  index: number;
  size: number;
}

/**
 * Verifies that a log of `trust` has the leaf that the proof opens, under a checkpoint that enough witnesses saw.
 * With `contentDigest` (hex SHA-256 of the content's canonical JSON) and `kind` also that the leaf is of that content and kind;
 * without them the answer is only about what stands in the proof.
 * @example
 * const result = await verifyInclusion(webProofCrypto(), proof, { origin, ledgerKeys, witnesses, quorum: 3, contentDigest });
 * if (!result.verified) show(result.code, result.params);
 */
export async function verifyInclusion(
  crypto: ProofCrypto,
  proof: InclusionProof,
  trust: LedgerTrust & { contentDigest?: string; kind?: LeafKind },
): Promise<VerifiedInclusion | ProofRefusal> {
  if (!hasShape(proof))
    return refuse('LEDGER_PROOF_FORM', { reason: 'its members are not those of an inclusion proof' });
  const checkpoint = await verifyCheckpoint(crypto, proof.checkpoint, trust);
  if (!checkpoint.verified) return checkpoint;
  const { head } = checkpoint;
  if (proof.origin !== head.origin) return refuse('LEDGER_PROOF_ORIGIN', { found: proof.origin, wanted: head.origin });
  if (proof.size !== head.size)
    return refuse('LEDGER_PROOF_FORM', { reason: 'its size is not that of its checkpoint' });
  const { contentDigest = proof.leaf.contentDigest, kind = proof.leaf.kind } = trust;
  if (contentDigest !== proof.leaf.contentDigest || kind !== proof.leaf.kind) return refuse('LEDGER_PROOF_CONTENT');
  let leaf: Uint8Array;
  let path: Uint8Array[];
  try {
    leaf = await hashLeaf(crypto, await leafData(crypto, proof.leaf));
    path = proof.path.map(fromBase64);
  } catch (error) {
    return malformed(error);
  }
  const holds = await holdsInclusion(crypto, { index: proof.index, size: head.size, leaf, path, root: head.root });
  if (!holds) return refuse('LEDGER_PROOF_PATH', { index: proof.index, size: head.size });
  const { witnesses, seenBy } = checkpoint;
  return { verified: true, witnessed: witnesses.length, witnesses, seenBy, index: proof.index, size: head.size };
}

/** A proof may come from a file of anybody: its types say nothing until they are looked at. */
function hasShape(proof: InclusionProof): boolean {
  const { leaf, path, checkpoint } = proof;
  const texts = [leaf?.kind, leaf?.salt, leaf?.contentDigest, checkpoint];
  return texts.every((text) => typeof text === 'string') && Array.isArray(path) && path.length <= 64;
}
