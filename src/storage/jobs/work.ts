import type { Db } from '../db.ts';
import { describeError, Failure, isFailure } from '../failure.ts';
import { buryJob, type Claim, completeJobs, putBack, releaseQueue, renewClaim } from './claim.ts';
import type { Job, JobHandler } from './job.ts';

export const DEFAULT_LEASE_MS = 5000;
const DEFAULT_MAX_ATTEMPTS = 20;

/** Milliseconds before attempt `attempt + 1`: 250, 500, 1000 ... 60000, each a quarter up or down so that workers spread. */
function defaultBackoff(attempt: number): number {
  return Math.min(250 * 2 ** (attempt - 1), 60_000) * (0.75 + Math.random() / 2);
}

/**
 * Works on one claim until nothing of it is open: done, put back with a delay, or dead. Never throws for the handler's errors; a
 * database that is gone throws, and the lease then ends by itself.
 */
export async function workOn(db: Db, handler: JobHandler, claim: Claim): Promise<void> {
  const leaseMs = handler.leaseMs ?? DEFAULT_LEASE_MS;
  const heartbeat = setInterval(() => void renewClaim(db, claim, leaseMs).catch(() => undefined), leaseMs / 3);
  heartbeat.unref();
  try {
    if (claim.jobs.length > 1 && !claim.jobs.some((job) => isExhausted(handler, job))) {
      const { failed, error } = await runBatch(db, handler, claim, claim.jobs);
      if (!failed || isFailure(error, 'STORAGE_LEASE_LOST')) return;
    }
    await runSingly(db, handler, claim);
  } finally {
    clearInterval(heartbeat);
    await releaseQueue(db, claim);
  }
}

/** More attempts than allowed: workers died over this job before they could say so. */
function isExhausted(handler: JobHandler, job: Job): boolean {
  return job.attempt > (handler.maxAttempts ?? DEFAULT_MAX_ATTEMPTS);
}

interface BatchResult {
  failed: boolean;
  error?: unknown;
}

async function runBatch(db: Db, handler: JobHandler, claim: Claim, jobs: Job[]): Promise<BatchResult> {
  try {
    const outcome = await handler.run(jobs);
    await db.transaction(async (tx) => {
      // First, so that the outcome may want a job of the same key again.
      await completeJobs(tx, claim, jobs);
      await outcome?.(tx);
    });
    return { failed: false };
  } catch (error) {
    return { failed: true, error };
  }
}

/** One after the other: what stands behind a failed job of its lane, or of a serial queue, goes back as if untouched. */
async function runSingly(db: Db, handler: JobHandler, claim: Claim): Promise<void> {
  const stuckLanes = new Set<string>();
  let stuck = false;
  for (const job of claim.jobs) {
    if (stuck || (job.lane !== undefined && stuckLanes.has(job.lane))) {
      await putBack(db, claim, [job], { delayMs: 0, counted: false });
      continue;
    }
    const { failed, error } = isExhausted(handler, job)
      ? { failed: true, error: new Failure('STORAGE_JOB_DEAD', { queue: job.queue, attempts: job.attempt - 1 }) }
      : await runBatch(db, handler, claim, [job]);
    if (!failed) continue;
    if (isFailure(error, 'STORAGE_LEASE_LOST')) return;
    const dead = await settleFailure(db, handler, claim, job, error);
    if (dead) continue;
    if (claim.serial) stuck = true;
    if (job.lane !== undefined) stuckLanes.add(job.lane);
  }
}

async function settleFailure(db: Db, handler: JobHandler, claim: Claim, job: Job, error: unknown): Promise<boolean> {
  const description = describeError(error);
  // A database that was away says nothing about the job.
  const counted = !isFailure(error, 'STORAGE_UNREACHABLE');
  if (counted && job.attempt >= (handler.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) {
    await db.transaction(async (tx) => {
      await buryJob(tx, claim, job, description);
      await handler.onDead?.(tx, job, error);
    });
    return true;
  }
  const delayMs = (handler.backoffMs ?? defaultBackoff)(job.attempt);
  await putBack(db, claim, [job], { delayMs, counted, error: description });
  return false;
}
