import type { Tx } from '../db.ts';
import type { Instant, Json } from '../values.ts';

/** Work that is wanted: an effect outside, a timer, a message to be sent. */
export interface NewJob {
  /** Names the kind of work, e.g. `exchange/outbox/kz`. */
  queue: string;
  /** Unique in its queue among the jobs that are not done: the idempotency key. Wanting it twice is wanting it once. */
  key: string;
  payload: Json;
  /** Not before this moment of the injected clock; default: at once. */
  runAt?: Instant;
  /** Jobs of one lane run one after the other in the order of `runAt`, then of their entry; a failing one holds up those behind it. */
  lane?: string;
}

/** A job that a worker has claimed. */
export interface Job {
  queue: string;
  key: string;
  payload: Json;
  runAt?: Instant;
  lane?: string;
  /** 1 for the first attempt. */
  attempt: number;
  /** Grows with each claim in this database: lets an outside system refuse a worker that was overtaken. */
  token: number;
}

/** What the worker does with the jobs of a queue. */
export interface JobHandler {
  /** The exact name of a queue, or a prefix ending in `/*`: each queue below it is then worked on its own. */
  queue: string;
  /** Most jobs at once; default 1. When a batch fails its jobs are tried singly, so one bad job spoils no other. */
  batch?: number;
  /** Only one worker over all processes has the queue at a time, in order; a failing job holds up all behind it. */
  serial?: boolean;
  /** How long a claim lasts without a sign of life from the worker; default 5000. It is renewed while the work goes on. */
  leaseMs?: number;
  /** Attempts before a job is dead; default 20, `Infinity` for never. */
  maxAttempts?: number;
  /** Most batches at once per queue in this process; default 1. Ignored for serial queues. */
  concurrency?: number;
  /** Milliseconds until the next attempt; default 250 doubled each time, up to 60 s, with jitter. */
  backoffMs?(attempt: number): number;
  /**
   * The work, outside any transaction. The function it returns runs in the transaction that completes the jobs, which fails when the
   * lease was lost meanwhile: its statements take effect exactly once. Throw to try again later.
   */
  run(jobs: Job[]): Promise<((tx: Tx) => Promise<void>) | undefined | void>;
  /** Runs in the transaction that marks a job dead. */
  onDead?(tx: Tx, job: Job, error: unknown): Promise<void>;
}
