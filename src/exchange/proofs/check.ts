import { type InclusionProof, type LedgerTrust, verifyInclusion } from '../../ledger/index.ts';
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
  const result = await verifyInclusion(proof, {
    ...ledgerTrustOf(trust, state, proof.origin),
    quorum: 0,
    content,
    kind,
  });
  if (!result.verified) {
    throw new Failure('EXCHANGE_FILE', { reason: `a ledger proof does not hold: ${result.code}` });
  }
  const quorum = trust.witnessQuorum();
  return {
    index: result.index,
    witnessed: result.witnessed,
    quorum: result.witnessed >= quorum,
    seenBy: result.witnesses[quorum - 1]?.time ?? null,
  };
}

/** Whom a node believes about the log of a state: its ledger keys, and each other state as one witness, however many keys it declares. */
export function ledgerTrustOf(
  trust: TrustView,
  state: string,
  origin = trust.manifest(state).ledger.origin,
): LedgerTrust & { origin: string } {
  const others = trust.states().filter((other) => other !== state);
  return {
    origin: ownOrigin(origin, trust.manifest(state).ledger.origin),
    ledgerKeys: trust.keys(state, 'ledger'),
    witnesses: others.map((other) => trust.keys(other, 'witness')),
    quorum: trust.witnessQuorum(),
  };
}

/** A state may have opened a new log since: its earlier ones bear the same name or the name with another number. */
function ownOrigin(found: string, current: string): string {
  const base = current.replace(/\/\d+$/, '');
  return found === base || /^\/\d+$/.test(found.slice(base.length)) ? found : current;
}
