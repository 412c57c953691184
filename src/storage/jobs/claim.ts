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

/**
 * Leases the next due jobs of a queue. Leases run by the database's clock, so nodes with odd clocks agree on them; whether a job is
 * due is asked of the injected clock.
 */
export async function claimJobs(db: Db, options: ClaimOptions): Promise<Claim | undefined> {
  const { queue, limit, leaseMs, serial, now } = options;
  return db.transaction(async (tx) => {
    // The queue's row makes claims of one queue take turns: the second one sees the leases of the first.
    const turn = await takeTurn(tx, queue);
    if (serial && !turn.free) return undefined;
    const rows = await tx.query<JobRow>(serial ? CLAIM_SERIAL : CLAIM, [queue, now, limit, turn.token, leaseMs]);
    if (rows.length === 0) return undefined;
    if (serial) await tx.query(LEASE_QUEUE, [queue, turn.token, leaseMs]);
    rows.sort((a, b) => (a.run_at === b.run_at ? a.position - b.position : byTime(a.run_at, b.run_at)));
    return { queue, token: turn.token, serial, jobs: rows.map(jobOf) };
  });
}

interface Turn {
  free: boolean;
  token: number;
}

async function takeTurn(tx: Tx, queue: string): Promise<Turn> {
  const text = `
    select leased_until <= clock_timestamp() as free, nextval('job_token') as token
    from job_queue where queue = $1 for update`;
  for (;;) {
    const [turn] = await tx.query<Turn>(text, [queue]);
    if (turn !== undefined) return turn;
    await tx.query('insert into job_queue (queue) values ($1) on conflict do nothing', [queue]);
  }
}

// One moment for the whole statement: with a clock that moves on, a job could count as backing off for itself and as free for those
// behind it in its lane.
const TAKE = `
  update job set token = $4, attempts = attempts + 1, visible_at = statement_timestamp() + $5 * interval '1 ms'
  from due where job.queue = $1 and job.key = due.key
  returning job.queue, job.key, job.lane, job.payload, job.run_at, job.attempts, job.token, job.position`;

const CLAIM = `
  with due as materialized (
    select key from job j
    where queue = $1 and dead_at is null and run_at <= $2 and visible_at <= statement_timestamp()
      and (lane is null or not exists (
        select 1 from job before
        where before.queue = $1 and before.lane = j.lane and before.dead_at is null
          and (before.run_at, before.position) < (j.run_at, j.position) and before.visible_at > statement_timestamp()))
    order by run_at, position limit $3
    for update skip locked)
  ${TAKE}`;

const CLAIM_SERIAL = `
  with due as materialized (
    select key from job
    where queue = $1 and dead_at is null and run_at <= $2
      and not exists (
        select 1 from job held
        where held.queue = $1 and held.dead_at is null and held.run_at <= $2 and held.visible_at > statement_timestamp())
    order by run_at, position limit $3
    for update)
  ${TAKE}`;

const LEASE_QUEUE = `
  update job_queue set token = $2, leased_until = clock_timestamp() + $3 * interval '1 ms' where queue = $1`;

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
