import type { Queryable, Tx } from '../db.ts';
import type { Instant, Json } from '../values.ts';
import { wakeWorkers } from './wake.ts';

/** How a queue stands, for people who run a node. */
export interface QueueCounts {
  queue: string;
  /** Due or to come, including those that back off. */
  waiting: number;
  running: number;
  dead: number;
}

/** A job that was given up. */
export interface DeadJob {
  queue: string;
  key: string;
  payload: Json;
  attempts: number;
  deadAt: Instant;
  /** Code and place; never values. */
  error: string;
}

/** Every queue that has jobs. */
export async function countJobs(db: Queryable): Promise<QueueCounts[]> {
  return db.query<QueueCounts>(
    `select queue,
       (count(*) filter (where dead_at is null and token is null))::int as waiting,
       (count(*) filter (where dead_at is null and token is not null))::int as running,
       (count(*) filter (where dead_at is not null))::int as dead
     from job group by queue order by queue`,
  );
}

/** The jobs that were given up, latest first, at most 1000. */
export async function listDeadJobs(db: Queryable): Promise<DeadJob[]> {
  return db.query<DeadJob>(
    `select queue, key, payload, attempts, dead_at as "deadAt", coalesce(error, '') as error
     from job where dead_at is not null order by dead_at desc limit 1000`,
  );
}

/** Gives a dead job a new life with all its attempts. Gives false when there is no such dead job. */
export async function reviveJob(tx: Tx, queue: string, key: string): Promise<boolean> {
  const rows = await tx.query(
    `update job set dead_at = null, attempts = 0, visible_at = '-infinity'
     where queue = $1 and key = $2 and dead_at is not null returning 1`,
    [queue, key],
  );
  tx.afterCommit(() => wakeWorkers(tx.db, queue));
  return rows.length > 0;
}

/** How a queue does, for a health page. */
export interface QueueHealth extends QueueCounts {
  /** Jobs that were tried five times or more, and are tried again. */
  failing: number;
  /** The moment for which the oldest job was wanted that nobody has tried yet; null where none is due, or none had a moment. */
  lateSince: Instant | null;
  /** Since when the oldest dead one lies there. */
  deadSince: Instant | null;
}

/** Every queue that has jobs, with what is wrong in it. @param now business time */
export async function queueHealth(db: Queryable, now: Instant): Promise<QueueHealth[]> {
  return db.query<QueueHealth>(
    `select queue,
       (count(*) filter (where dead_at is null and token is null))::int as waiting,
       (count(*) filter (where dead_at is null and token is not null))::int as running,
       (count(*) filter (where dead_at is not null))::int as dead,
       (count(*) filter (where dead_at is null and attempts >= 5))::int as failing,
       min(run_at) filter (where dead_at is null and attempts = 0 and run_at > '-infinity' and run_at <= $1) as "lateSince",
       min(dead_at) as "deadSince"
     from job group by queue order by queue`,
    [now],
  );
}
