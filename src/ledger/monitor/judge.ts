import { digestOf } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import { nodeProofCrypto as crypto } from '../node-proof-crypto.ts';
import {
  hashLeaf,
  holdsInclusion,
  type InclusionProof,
  isFork,
  type LedgerTrust,
  type ProofRefusal,
  verifyCheckpoint,
  verifyInclusion,
} from '../proof/index.ts';
import { refuse } from '../proof/refusal.ts';
import { CLOCK_GRACE_SECONDS } from './audit-receipt.ts';
import type { ComplaintEvidence, ShownLeaf } from './complaint.ts';
import { readEvidence } from './complaint-form.ts';

/**
 * What a complaint is worth to somebody who trusts neither side. `proven`: by the log's own signatures (and the witnesses').
 * Else a part rests on the word of the node that complains: in which order it saw two checkpoints, or which bytes it was served.
 */
export type JudgedComplaint = { verified: true; proven: boolean };

/**
 * Judges the evidence of a complaint offline. It may come from a file of anybody: its types say nothing until they are looked at.
 * @param trust the log's keys and the other states' witnesses, with the union's quorum
 * @example const judged = await judgeComplaint(complaint.evidence, { origin, ledgerKeys, witnesses, quorum: 3 });
 */
export async function judgeComplaint(
  given: ComplaintEvidence,
  trust: LedgerTrust & { origin: string },
): Promise<JudgedComplaint | ProofRefusal> {
  const evidence = readEvidence(given as unknown as Json);
  if (evidence === undefined) return unfounded('the evidence has not its form');
  const signed = { ...trust, quorum: 0 };
  if (evidence.kind === 'backdated') return judgeBackdated(evidence, trust);
  if (!('index' in evidence)) {
    const first = await verifyCheckpoint(crypto, evidence.first, signed);
    if (!first.verified) return first;
    const second = await verifyCheckpoint(crypto, evidence.second, signed);
    if (!second.verified) return second;
    if (evidence.kind === 'fork') return isFork(first.head, second.head) ? proven(true) : unfounded('one history');
    return second.head.size < first.head.size ? proven(false) : unfounded('nothing was cut');
  }
  const { index, first, second } = evidence;
  if (first.data === second.data) return unfounded('the leaves are the same');
  for (const leaf of [first, second]) {
    if (!isShown(leaf)) continue;
    const refusal = await demandShown(index, leaf, signed);
    if (refusal) return refusal;
  }
  return proven(isShown(second));
}

const isShown = (leaf: ShownLeaf | { data: string }): leaf is ShownLeaf => 'path' in leaf;

/** That the log signed a tree with this leaf at this index. */
async function demandShown(index: number, leaf: ShownLeaf, trust: LedgerTrust): Promise<ProofRefusal | undefined> {
  const checkpoint = await verifyCheckpoint(crypto, leaf.checkpoint, trust);
  if (!checkpoint.verified) return checkpoint;
  const { size, root } = checkpoint.head;
  const path = leaf.path.map((hash) => Buffer.from(hash, 'base64'));
  const hash = await hashLeaf(crypto, Buffer.from(leaf.data, 'hex'));
  if (await holdsInclusion(crypto, { index, size, leaf: hash, path, root })) return undefined;
  return refuse('LEDGER_PROOF_PATH', { index, size });
}

async function judgeBackdated(
  { proof, content, within, checkpoint }: Extract<ComplaintEvidence, { kind: 'backdated' }>,
  trust: LedgerTrust,
): Promise<JudgedComplaint | ProofRefusal> {
  const included = await verifyInclusion(crypto, proof as unknown as InclusionProof, {
    ...trust,
    quorum: 0,
    contentDigest: digestOf(content),
    // Of no other leaf did the log promise when it would be there.
    kind: 'message-received',
  });
  if (!included.verified) return included;
  const seen = await verifyCheckpoint(crypto, checkpoint, trust);
  if (!seen.verified) return seen;
  const claimed = Date.parse(String((content as { [key: string]: Json }).at)) / 1000;
  const isLate = seen.seenBy !== null && seen.seenBy > claimed + within + CLOCK_GRACE_SECONDS;
  return isLate && seen.head.size <= included.index ? proven(true) : unfounded('witnesses did not miss it');
}

const proven = (by: boolean): JudgedComplaint => ({ verified: true, proven: by });
const unfounded = (reason: string): ProofRefusal => refuse('LEDGER_PROOF_FORM', { reason });
