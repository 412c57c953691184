import { fromBase64 } from './bytes.ts';
import { holdsConsistency } from './merkle.ts';
import { type LedgerTrust, malformed, type VerifiedCheckpoint, verifyCheckpoint } from './policy.ts';
import type { ProofCrypto } from './proof-crypto.ts';
import { type ProofRefusal, refuse } from './refusal.ts';

/** Proves that a log only grew between two checkpoints. */
export interface ConsistencyProof {
  first: number;
  second: number;
  /** Hashes as RFC 9162 section 2.1.4.1 orders them, base64. */
  path: string[];
}

/**
 * Verifies two checkpoints of one log and that the later begins with the earlier.
 * @example await verifyConsistency(crypto, { earlier, later, proof }, { origin, ledgerKeys, witnesses: [], quorum: 0 })
 */
export async function verifyConsistency(
  crypto: ProofCrypto,
  claim: { earlier: string; later: string; proof: ConsistencyProof },
  trust: LedgerTrust,
): Promise<VerifiedCheckpoint | ProofRefusal> {
  const earlier = await verifyCheckpoint(crypto, claim.earlier, trust);
  if (!earlier.verified) return earlier;
  const later = await verifyCheckpoint(crypto, claim.later, { ...trust, origin: earlier.head.origin });
  if (!later.verified) return later;
  const { first, second, path } = claim.proof;
  if (first !== earlier.head.size || second !== later.head.size) {
    return refuse('LEDGER_PROOF_FORM', { reason: 'its sizes are not those of its checkpoints' });
  }
  let hashes: Uint8Array[];
  try {
    hashes = path.map(fromBase64);
  } catch (error) {
    return malformed(error);
  }
  const [firstRoot, secondRoot] = [earlier.head.root, later.head.root];
  const holds = await holdsConsistency(crypto, { first, second, firstRoot, secondRoot, path: hashes });
  return holds ? later : refuse('LEDGER_PROOF_CONSISTENCY', { first, second });
}
