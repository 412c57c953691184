import { type InclusionProof, verifyInclusion } from '../../ledger/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';

/** What a ledger proof of a state says once it was verified. */
export interface CheckedProof {
  index: number;
  /** How many of the other states' witnesses saw the checkpoint, and whether they are enough. */
  witnessed: number;
  quorum: boolean;
  /** POSIX seconds by which a quorum had seen it. */
  seenBy: number | null;
}

/**
 * Verifies a proof under a state's ledger and the others' witness keys. A checkpoint that too few witnesses saw so far is no fault: it
 * says so. `content` is what must stand there.
 * @throws Failure EXCHANGE_FILE
 */
export async function checkProof(
  proof: InclusionProof,
  expected: { state: string; kind: 'message-sent' | 'message-received'; content: Json },
  trust: TrustView,
): Promise<CheckedProof> {
  const { state, kind, content } = expected;
  if (proof.leaf.kind !== kind) throw new Failure('EXCHANGE_FILE', { reason: 'a ledger proof is of another kind' });
  const origin = trust.manifest(state).ledger.origin;
  const witnessKeys = trust.states().flatMap((other) => (other === state ? [] : trust.keys(other, 'witness')));
  let reason = 'there is no ledger key';
  for (const ledgerKey of trust.keys(state, 'ledger')) {
    const result = await verifyInclusion(proof, {
      origin: ownOrigin(proof.origin, origin),
      ledgerKey,
      witnessKeys,
      quorum: 0,
      content,
    });
    if (result.verified) {
      const quorum = trust.witnessQuorum();
      return {
        index: result.index,
        witnessed: result.witnessed,
        quorum: result.witnessed >= quorum,
        seenBy: result.witnesses[quorum - 1]?.time ?? null,
      };
    }
    reason = result.code;
  }
  throw new Failure('EXCHANGE_FILE', { reason: `a ledger proof does not hold: ${reason}` });
}

/** A state may have opened a new log since: its earlier ones bear the same name or the name with another number. */
function ownOrigin(found: string, current: string): string {
  const base = current.replace(/\/\d+$/, '');
  return found === base || /^\/\d+$/.test(found.slice(base.length)) ? found : current;
}
