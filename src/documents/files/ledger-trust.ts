import { type InclusionProof, type LeafKind, type VerifiedInclusion, verifyInclusion } from '../../ledger/index.ts';
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
  claim: { kind: LeafKind; content: Json; proof: InclusionProof },
  quorum: number,
): Promise<VerifiedInclusion> {
  const { kind, content, proof } = claim;
  const origin = ownOrigin(proof.origin, trust.manifest(state).ledger.origin);
  const others = trust.states().filter((other) => other !== state);
  // A retired key signed older proofs. Each state is one witness, however many keys it declares.
  const ledgerKeys = knownKeys(trust, state, 'ledger');
  const witnesses = others.map((other) => knownKeys(trust, other, 'witness'));
  const result = await verifyInclusion(proof, { origin, ledgerKeys, witnesses, quorum, content, kind });
  if (!result.verified) throw new Failure(result.code, result.params);
  return result;
}

/** After a loss a state opens a new log, `<name>/2`; what its earlier ones proved they still prove. */
function ownOrigin(found: string, current: string): string {
  const base = current.replace(/\/\d+$/, '');
  return found === base || (found.startsWith(base) && /^\/\d+$/.test(found.slice(base.length))) ? found : current;
}

/** A state that has no manifest yet (just admitted) simply has no keys. */
function knownKeys(trust: TrustView, state: string, purpose: 'witness' | 'ledger') {
  try {
    return trust.keys(state, purpose);
  } catch {
    return [];
  }
}
