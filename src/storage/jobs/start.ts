import type { StoreContext } from '../db.ts';
import { describeError } from '../failure.ts';
import { claimJobs } from './claim.ts';
import type { JobHandler } from './job.ts';
import { onWake } from './wake.ts';
import { DEFAULT_LEASE_MS, workOn } from './work.ts';

export interface JobOptions {
  /** How often the tables are asked for due jobs that no commit of this process announced; default 500. */
  pollMs?: number;
  /** Told of errors outside any handler, e.g. a database that is away. */
  onError?(description: string): void;
}

export interface Jobs {
  /** Claims nothing more and waits for the work under way. */
  stop(): Promise<void>;
  /** Looks at a queue now. */
  wake(queue: string): void;
}

interface QueueState {
  running: number;
  /** Something may be due that the latest claim did not see. */
  again: boolean;
  /** How many claims were worked off. */
  worked: number;
  /** A claim found nothing while others were being worked on: what waits behind their lanes is left to them. */
  behind: boolean;
}

/**
 * Starts working on jobs: outbox, timers and side effects alike. Jobs committed by this process are taken up at once, those of
 * others and timers by polling. Several processes may do this on one database.
 *
 * @example
 * const jobs = startJobs({ db, clock }, [{ queue: 'mailbox/notify', batch: 20, run: async (batch) => { await notify(batch); } }]);
 * await jobs.stop();
 */
export function startJobs(ctx: StoreContext, handlers: readonly JobHandler[], options: JobOptions = {}): Jobs {
  const pollMs = options.pollMs ?? 500;
  const states = new Map<string, QueueState>();
  const active = new Set<Promise<void>>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const handlerOf = (queue: string) =>
    handlers.find((handler) => handler.queue === queue) ??
    handlers.find((handler) => handler.queue.endsWith('/*') && queue.startsWith(handler.queue.slice(0, -1)));

  function wake(queue: string): void {
    const handler = handlerOf(queue);
    if (handler === undefined || stopped) return;
    const state = states.get(queue) ?? { running: 0, again: false, worked: 0, behind: false };
    states.set(queue, state);
    const most = handler.serial ? 1 : (handler.concurrency ?? 1);
    if (state.running >= most) {
      state.again = true;
      return;
    }
    state.running++;
    const run = drain(queue, handler, state).finally(() => {
      state.running--;
      active.delete(run);
      if (state.again) {
        state.again = false;
        wake(queue);
      }
    });
    active.add(run);
  }

  /** Claims and works until the queue has nothing due. A claim that took all there was needs no second one to say so. */
  async function drain(queue: string, handler: JobHandler, state: QueueState): Promise<void> {
    try {
      while (!stopped) {
        const { worked } = state;
        const claim = await claimJobs(ctx.db, {
          queue,
          limit: handler.batch ?? 1,
          leaseMs: handler.leaseMs ?? DEFAULT_LEASE_MS,
          serial: handler.serial ?? false,
          now: ctx.clock.now(),
        });
        if (claim === undefined) {
          if (state.worked !== worked) continue;
          state.behind ||= state.running > 1;
          return;
        }
        // More may be due than one worker takes: another one starts beside it, up to the queue's concurrency.
        if (claim.jobs.length === (handler.batch ?? 1) && state.running < (handler.concurrency ?? 1)) wake(queue);
        await workOn(ctx.db, handler, claim);
        state.worked++;
        if (claim.jobs.length < (handler.batch ?? 1) && !state.behind) return;
        state.behind = false;
      }
    } catch (error) {
      if (!stopped) options.onError?.(describeError(error));
    }
  }

  async function poll(): Promise<void> {
    try {
      const due = await ctx.db.query<{ queue: string }>(DUE_QUEUES, [ctx.clock.now()]);
      for (const { queue } of due) wake(queue);
    } catch (error) {
      if (!stopped) options.onError?.(describeError(error));
    }
    if (!stopped) timer = setTimeout(() => void track(poll()), pollMs * (0.8 + Math.random() * 0.4));
  }

  function track(work: Promise<void>): Promise<void> {
    active.add(work);
    return work.finally(() => active.delete(work));
  }

  const leave = onWake(ctx.db, wake);
  void track(poll());
  return {
    wake,
    async stop() {
      stopped = true;
      leave();
      clearTimeout(timer);
      while (active.size > 0) await Promise.allSettled(active);
    },
  };
}

/** The queues with something due, by hops over the index rather than by reading every waiting row. */
const DUE_QUEUES = `
  with recursive known as (
    (select queue from job where dead_at is null order by queue limit 1)
    union all
    select (select job.queue from job where dead_at is null and job.queue > known.queue order by job.queue limit 1)
    from known where known.queue is not null)
  select queue from known
  where queue is not null and exists (
    select 1 from job
    where job.queue = known.queue and dead_at is null and run_at <= $1 and visible_at <= clock_timestamp())`;
