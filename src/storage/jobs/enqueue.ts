import type { Tx } from '../db.ts';
import { type Instant, json } from '../values.ts';
import type { NewJob } from './job.ts';
import { wakeWorkers } from './wake.ts';

/**
 * Wants a job, in the caller's transaction: it exists exactly when that commits. A job with the same key that is not done yet stays
 * as it is.
 *
 * @example
 * await enqueue(tx, { queue: 'mailbox/notify', key: letter.id, payload: { letter: letter.id } });
 */
export async function enqueue(tx: Tx, job: NewJob): Promise<void> {
  await enqueueAll(tx, [job]);
}

/** Wants many jobs by one statement; see `enqueue`. */
export async function enqueueAll(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `insert into job (queue, key, lane, payload, run_at)
     select w.queue, w.key, w.lane, coalesce(w.payload, 'null'), coalesce(w.run_at, '-infinity')
     from rows from (
       jsonb_to_recordset($1::jsonb) as (queue text, key text, lane text, payload jsonb, run_at timestamptz)
     ) with ordinality as w (queue, key, lane, payload, run_at, place)
     order by w.place
     on conflict (queue, key) do nothing`,
    [json(jobs.map((job) => ({ ...job, run_at: job.runAt })))],
  );
  wakeAfterCommit(tx, new Set(jobs.map((job) => job.queue)));
}

/** Takes back a job. Gives false when there is none, or a worker has it at this moment (its result will stand). */
export async function cancelJob(tx: Tx, queue: string, key: string): Promise<boolean> {
  return (await cancelJobs(tx, queue, [key])) > 0;
}

/** Takes back many jobs by one statement. Gives how many: what is not there, or what a worker has, is not among them. */
export async function cancelJobs(tx: Tx, queue: string, keys: readonly string[]): Promise<number> {
  const rows = await tx.query(
    'delete from job where queue = $1 and key = any($2::text[]) and token is null returning 1',
    [queue, keys],
  );
  return rows.length;
}

/** Gives a job another time. Gives false when there is none, or a worker has it at this moment. */
export async function rescheduleJob(tx: Tx, queue: string, key: string, runAt: Instant): Promise<boolean> {
  const rows = await tx.query(
    `update job set run_at = $3, visible_at = '-infinity'
     where queue = $1 and key = $2 and token is null and dead_at is null returning 1`,
    [queue, key, runAt],
  );
  wakeAfterCommit(tx, new Set([queue]));
  return rows.length > 0;
}

/** Ends the back-off of all waiting jobs of a queue, e.g. when a partner is heard of again. */
export async function retryNow(tx: Tx, queue: string): Promise<void> {
  await tx.query(
    `update job set visible_at = '-infinity'
     where queue = $1 and token is null and dead_at is null and visible_at > '-infinity'`,
    [queue],
  );
  wakeAfterCommit(tx, new Set([queue]));
}

function wakeAfterCommit(tx: Tx, queues: ReadonlySet<string>): void {
  tx.afterCommit(() => {
    for (const queue of queues) wakeWorkers(tx.db, queue);
  });
}
