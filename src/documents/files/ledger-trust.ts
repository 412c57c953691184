import { type InclusionProof, type VerifiedInclusion, verifyInclusion } from '../../ledger/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';

/**
 * Verifies that a state's ledger has a leaf of this content, by the verifier's own trust: the log of that state's name, one of its
 * ledger keys, and the witnesses of the other states.
 * @param quorum how many witnesses must have seen it; `trust.witnessQuorum()` where nothing less will do
 * @throws Failure LEDGER_PROOF_*
 */
export async function demandInclusion(
  trust: TrustView,
  state: string,
  claim: { kind: string; content: Json; proof: InclusionProof },
  quorum: number,
): Promise<VerifiedInclusion> {
  const { kind, content, proof } = claim;
  if (proof.leaf?.kind !== kind) throw new Failure('LEDGER_PROOF_CONTENT');
  const { origin } = trust.manifest(state).ledger;
  const others = trust.states().filter((other) => other !== state);
  const witnessKeys = others.flatMap((other) => knownKeys(trust, other, 'witness'));
  let refusal = new Failure('LEDGER_PROOF_LOG_SIGNATURE', { origin });
  for (const ledgerKey of knownKeys(trust, state, 'ledger')) {
    const result = await verifyInclusion(proof, { origin, ledgerKey, witnessKeys, quorum, content });
    if (result.verified) return result;
    refusal = new Failure(result.code, result.params);
    // A retired ledger key signed older proofs: only a foreign signature is a reason to try the next key.
    if (result.code !== 'LEDGER_PROOF_LOG_SIGNATURE') break;
  }
  throw refusal;
}

/** A state that has no manifest yet (just admitted) simply has no keys. */
function knownKeys(trust: TrustView, state: string, purpose: 'witness' | 'ledger') {
  try {
    return trust.keys(state, purpose);
  } catch {
    return [];
  }
}
