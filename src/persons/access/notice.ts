import { setTimeout as pause } from 'node:timers/promises';
import { type InclusionProof, inclusion, type LedgerReader } from '../../ledger/index.ts';
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

const PATIENCE_MS = 3000;
const PAUSE_MS = 50;

/**
 * Sends notices of uses to the homes of the persons. A notice waits until its leaf stands in the tree under a checkpoint; it is
 * tried until it is sent, however long that takes.
 *
 * @example startJobs(ctx, [noticeHandler(ctx, (tx, to, body) => send(tx, ctx, { to, type: 'access-notice', lane, body }))])
 */
export function noticeHandler(ctx: PersonsContext, sendNotice: SendNotice): JobHandler {
  return {
    queue: NOTICES,
    batch: 50,
    concurrency: 2,
    maxAttempts: Number.POSITIVE_INFINITY,
    backoffMs: (attempt) => Math.min(250 * 2 ** attempt, 10_000),
    async run(jobs) {
      const notices = await Promise.all(jobs.map((job) => makeNotice(ctx, job)));
      return async (tx) => {
        for (const notice of notices) await sendNotice(tx, notice.entry.home, notice as unknown as Json);
      };
    },
  };
}

async function makeNotice(reader: LedgerReader, job: Job): Promise<AccessNotice> {
  const { person, entry } = job.payload as { person: string; entry: string };
  const [row] = await reader.db.query<{ content: AccessContent; leaf: string }>(
    'select content, leaf from access_entries where person = $1 and id = $2',
    [person, entry],
  );
  if (row === undefined) throw new Failure('PERSONS_NOTICE_WRONG', { state: 'self', reason: 'its entry is gone' });
  return { entry: row.content, proof: await waitForProof(reader, row.leaf) };
}

/** The sequencer takes a quarter of a second; a longer wait is left to the next attempt. */
async function waitForProof(reader: LedgerReader, leaf: string): Promise<InclusionProof> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const proof = await inclusion(reader, leaf);
    if (proof !== undefined) return proof;
    if (waited >= PATIENCE_MS)
      throw new Failure('PERSONS_NOTICE_WRONG', { state: 'self', reason: 'its leaf is not in the tree yet' });
    await pause(PAUSE_MS);
  }
}
