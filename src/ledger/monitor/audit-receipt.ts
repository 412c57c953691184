import { digestOf } from '../../crypto/index.ts';
import type { Json, StoreContext } from '../../storage/index.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import {
  type InclusionProof,
  isFork,
  type LedgerTrust,
  leafData,
  parseNote,
  parseTreeHead,
  verifyCheckpoint,
  verifyInclusion,
} from '../proof/index.ts';
import { type ComplaintKind, recordComplaint } from './complaint.ts';
import { findMirror, mirroredLeaf, mirrorPath, mirrorRoot } from './mirror.ts';

/** Clocks of two states may differ by a minute before they stop talking: no complaint hangs on less. */
export const CLOCK_GRACE_SECONDS = 60;
const HEADS_ASKED = 20;

/**
 * Holds a proof that a log gave against what the log had shown before: the same history, no other leaf at that index, and no
 * checkpoint that a quorum of witnesses saw without the leaf after the time by which it should have been there.
 * @param content what the leaf is of; its member `at` is the time that it claims
 * @param within seconds after `at` in which the log promised to have the leaf
 * @returns what is wrong, which was recorded as a complaint; undefined where nothing is
 */
export async function auditReceipt(
  ctx: StoreContext,
  { proof, content, within }: { proof: InclusionProof; content: { [key: string]: Json }; within: number },
  trust: LedgerTrust & { origin: string },
): Promise<ComplaintKind | undefined> {
  const verified = await verifyInclusion(nodeProofCrypto, proof, {
    ...trust,
    quorum: 0,
    contentDigest: digestOf(content),
  });
  const mirror = await findMirror(ctx.db, proof.origin);
  if (!verified.verified || mirror === undefined || mirror.note === '') return undefined;
  const head = parseTreeHead(parseNote(proof.checkpoint).text);
  const data = Buffer.from(await leafData(nodeProofCrypto, proof.leaf));
  const known = await mirroredLeaf(ctx.db, mirror, proof.index);
  if (known !== undefined && !known.equals(data)) {
    await recordComplaint(ctx.db, ctx, proof.origin, `${proof.index}`, {
      kind: 'reused-index',
      index: proof.index,
      first: {
        data: known.toString('hex'),
        path: await mirrorPath(ctx.db, mirror, proof.index),
        checkpoint: mirror.note,
      },
      second: { data: data.toString('hex'), path: proof.path, checkpoint: proof.checkpoint },
    });
    return 'reused-index';
  }
  if (head.size === mirror.size && isFork({ ...head, root: await mirrorRoot(ctx.db, mirror, head.size) }, head)) {
    await recordComplaint(ctx.db, ctx, proof.origin, `${head.size}`, {
      kind: 'fork',
      first: mirror.note,
      second: proof.checkpoint,
    });
    return 'fork';
  }
  return findBackdated(ctx, mirror.mirror, { proof, content, within }, trust);
}

async function findBackdated(
  ctx: StoreContext,
  mirror: number,
  { proof, content, within }: { proof: InclusionProof; content: { [key: string]: Json }; within: number },
  trust: LedgerTrust,
): Promise<ComplaintKind | undefined> {
  const due = Date.parse(String(content.at)) / 1000 + within + CLOCK_GRACE_SECONDS;
  const heads = await ctx.db.query<{ note: string }>(
    // Those that too few had seen prove nothing, and a log can make as many of them as it likes.
    'select note from ledger_mirror_head where mirror = $1 and size <= $2 and witnessed >= $4 order by size desc limit $3',
    [mirror, proof.index, HEADS_ASKED, trust.quorum],
  );
  for (const { note } of heads) {
    const seen = await verifyCheckpoint(nodeProofCrypto, note, trust);
    if (!seen.verified || seen.seenBy === null || seen.seenBy <= due) continue;
    const evidence = { kind: 'backdated', proof: proof as unknown as Json, content, within, checkpoint: note } as const;
    await recordComplaint(ctx.db, ctx, proof.origin, `${proof.index}`, evidence);
    return 'backdated';
  }
  return undefined;
}
