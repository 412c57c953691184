import { setTimeout as pause } from 'node:timers/promises';
import { type InclusionProof, inclusion, type LedgerReader, witnessedCheckpoint } from '../../ledger/index.ts';
import { Failure, type Job, type JobHandler, type Json, type Tx } from '../../storage/index.ts';
import type { PersonsContext } from '../context.ts';
import type { AccessContent } from './entry.ts';
import { NOTICES } from './record-access.ts';

/** What the home state of a person is told: the entry as it was logged, and the proof that it was, which carries the salt. */
export interface AccessNotice {
  entry: AccessContent;
  proof: InclusionProof;
}

/** The way to other states, wired by the node: sends in the given transaction, exactly once. */
export type SendNotice = (tx: Tx, toState: string, body: Json) => Promise<void>;

export interface NoticeOptions {
  /** Attempts that wait for a proof that a quorum of witnesses saw; later ones send the proof that there is. Default 6: about half a minute. */
  attemptsForWitnesses?: number;
}

const PATIENCE_MS = 3000;
const PAUSE_MS = 100;

/**
 * Sends notices of uses to the homes of the persons. A notice waits until its leaf stands in the tree, and some time more for the
 * witnesses, since what she is given then is what she will have; it is tried until it is sent, however long that takes.
 *
 * @example startJobs(ctx, [noticeHandler(ctx, (tx, to, body) => send(tx, ctx, { to, type: 'access-notice', lane, body }))])
 */
export function noticeHandler(ctx: PersonsContext, sendNotice: SendNotice, options: NoticeOptions = {}): JobHandler {
  const { attemptsForWitnesses = 6 } = options;
  return {
    queue: NOTICES,
    batch: 50,
    concurrency: 2,
    maxAttempts: Number.POSITIVE_INFINITY,
    backoffMs: (attempt) => Math.min(250 * 2 ** attempt, 10_000),
    async run(jobs) {
      const entries = await Promise.all(jobs.map((job) => loggedEntry(ctx, job)));
      const patient = jobs.some((job) => job.attempt <= attemptsForWitnesses);
      const proofs = await waitForProofs(
        ctx,
        entries.map(({ leaf }) => leaf),
        patient,
      );
      return async (tx) => {
        for (const [index, { content }] of entries.entries()) {
          const notice = { entry: content, proof: proofs[index] };
          await sendNotice(tx, content.home, notice as unknown as Json);
        }
      };
    },
  };
}

interface LoggedEntry {
  content: AccessContent;
  leaf: string;
}

async function loggedEntry(reader: LedgerReader, job: Job): Promise<LoggedEntry> {
  const { person, entry } = job.payload as { person: string; entry: string };
  const [row] = await reader.db.query<LoggedEntry>(
    'select content, leaf from access_entries where person = $1 and id = $2',
    [person, entry],
  );
  if (row === undefined) throw new Failure('PERSONS_NOTICE_EARLY', { reason: 'its entry is gone' });
  return row;
}

/**
 * The proofs of some leaves, each under the first checkpoint that is good enough: the sequencer takes a quarter of a second, witnesses about
 * one. A longer wait is left to the next attempt.
 */
async function waitForProofs(reader: LedgerReader, leaves: string[], witnessed: boolean): Promise<InclusionProof[]> {
  const proofs = new Map<string, InclusionProof>();
  const indexes = new Map<string, number>();
  for (let waited = 0; ; waited += PAUSE_MS) {
    // Asked first: a checkpoint that is witnessed by now is the one that the proofs are then made under.
    const seen = witnessed ? ((await witnessedCheckpoint(reader))?.size ?? 0) : Number.POSITIVE_INFINITY;
    for (const leaf of leaves) {
      if (proofs.has(leaf) || (indexes.get(leaf) ?? 0) >= seen) continue;
      const proof = await inclusion(reader, leaf);
      if (proof !== undefined) indexes.set(leaf, proof.index);
      if (proof !== undefined && proof.index < seen) proofs.set(leaf, proof);
    }
    const found = leaves.flatMap((leaf) => proofs.get(leaf) ?? []);
    if (found.length === leaves.length) return found;
    if (waited >= PATIENCE_MS) {
      throw new Failure('PERSONS_NOTICE_EARLY', {
        reason: indexes.size < leaves.length ? 'a leaf is not in the tree yet' : 'no quorum of witnesses saw it yet',
      });
    }
    await pause(PAUSE_MS);
  }
}
