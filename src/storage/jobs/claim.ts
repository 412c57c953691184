import type { Db, Queryable, Tx } from '../db.ts';
import { Failure } from '../failure.ts';
import type { Instant, Json } from '../values.ts';
import type { Job } from './job.ts';

interface JobRow {
  queue: string;
  key: string;
  lane: string | null;
  payload: Json;
  run_at: string;
  attempts: number;
  token: number;
  position: number;
}

/** Some jobs of one queue, leased by one claim. */
export interface Claim {
  queue: string;
  token: number;
  jobs: Job[];
  serial: boolean;
}

interface ClaimOptions {
  queue: string;
  limit: number;
  leaseMs: number;
  serial: boolean;
  /** By the injected clock. */
  now: Instant;
}

/** Leases the next due jobs of a queue: see `claim_jobs` in `sql/002-claim.sql`. */
export async function claimJobs(db: Db, options: ClaimOptions): Promise<Claim | undefined> {
  const { queue, limit, leaseMs, serial, now } = options;
  const rows = await db.query<JobRow>(
    `select queue, key, lane, payload, run_at, attempts, token, position
     from claim_jobs($1, $2, $3, $4 * interval '1 ms', $5)`,
    [queue, now, limit, leaseMs, serial],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  rows.sort((a, b) => (a.run_at === b.run_at ? a.position - b.position : byTime(a.run_at, b.run_at)));
  return { queue, token: first.token, serial, jobs: rows.map(jobOf) };
}

function byTime(a: string, b: string): number {
  if (a === '-infinity') return -1;
  if (b === '-infinity') return 1;
  return a < b ? -1 : 1;
}

function jobOf(row: JobRow): Job {
  return {
    queue: row.queue,
    key: row.key,
    payload: row.payload,
    attempt: row.attempts,
    token: row.token,
    ...(row.run_at === '-infinity' ? {} : { runAt: row.run_at }),
    ...(row.lane === null ? {} : { lane: row.lane }),
  };
}

/** A sign of life: the lease begins anew. */
export async function renewClaim(db: Queryable, claim: Claim, leaseMs: number): Promise<void> {
  await db.query(
    `with own as (
       update job set visible_at = clock_timestamp() + $3 * interval '1 ms'
       where queue = $1 and token = $2 and key = any($4))
     update job_queue set leased_until = clock_timestamp() + $3 * interval '1 ms' where queue = $1 and token = $2`,
    [claim.queue, claim.token, leaseMs, claim.jobs.map((job) => job.key)],
  );
}

/**
 * Records the jobs as done.
 * @throws `STORAGE_LEASE_LOST` when another worker has any of them by now; the caller's transaction must fail with it
 */
export async function completeJobs(tx: Tx, claim: Claim, jobs: readonly Job[]): Promise<void> {
  const rows = await tx.query('delete from job where queue = $1 and key = any($2) and token = $3 returning 1', [
    claim.queue,
    jobs.map((job) => job.key),
    claim.token,
  ]);
  if (rows.length !== jobs.length) throw new Failure('STORAGE_LEASE_LOST', { queue: claim.queue });
}

/** Puts jobs back: `delayMs` 0 and `counted` false as if they had never been claimed, else to be tried again after the delay. */
export async function putBack(
  db: Queryable,
  claim: Claim,
  jobs: readonly Job[],
  how: { delayMs: number; counted: boolean; error?: string },
): Promise<void> {
  await db.query(
    `update job set token = null, visible_at = clock_timestamp() + $4 * interval '1 ms',
       attempts = attempts - $5, error = coalesce($6, error)
     where queue = $1 and key = any($2) and token = $3`,
    [claim.queue, jobs.map((job) => job.key), claim.token, how.delayMs, how.counted ? 0 : 1, how.error ?? null],
  );
}

/** Marks a job as given up. It stays as a row until somebody revives or discards it. */
export async function buryJob(tx: Tx, claim: Claim, job: Job, error: string): Promise<void> {
  const rows = await tx.query(
    `update job set token = null, dead_at = clock_timestamp(), error = $4
     where queue = $1 and key = $2 and token = $3 returning 1`,
    [claim.queue, job.key, claim.token, error],
  );
  if (rows.length === 0) throw new Failure('STORAGE_LEASE_LOST', { queue: claim.queue });
}

/** Frees a serial queue before its lease ends. */
export async function releaseQueue(db: Queryable, claim: Claim): Promise<void> {
  if (!claim.serial) return;
  await db.query(`update job_queue set leased_until = '-infinity' where queue = $1 and token = $2`, [
    claim.queue,
    claim.token,
  ]);
}
