import {
  cancelJobs,
  enqueueAll,
  Failure,
  type Instant,
  type JobHandler,
  retryNow,
  type Tx,
} from '../../storage/index.ts';
import { type ExchangeContext, QUEUES } from '../context.ts';
import type { OperationFinder } from './handlers.ts';
import { hasStep } from './patterns.ts';
import { lockRecord, type TimerName, type TransactionRecord, type TransactionTimers, updateRecord } from './record.ts';

/** The moment a duration after another. @throws Failure EXCHANGE_TIMER */
function momentAfter(start: Instant, duration: string): Instant {
  try {
    const end = Temporal.Instant.from(start).toZonedDateTimeISO('UTC').add(Temporal.Duration.from(duration));
    return end.toInstant().round({ smallestUnit: 'millisecond' }).toString({ smallestUnit: 'millisecond' });
  } catch {
    throw new Failure('EXCHANGE_TIMER', { timer: duration.slice(0, 40) });
  }
}

/** Sets the timers of a transaction that begins: jobs, so that they outlive this process. */
export async function setTimers(
  tx: Tx,
  record: Pick<TransactionRecord, 'id' | 'pattern' | 'begunAt'>,
  timers: TransactionTimers,
): Promise<void> {
  const all: TimerName[] = ['acknowledge', 'accept', 'respond'];
  const names = all.filter((name) => hasStep(record.pattern, name));
  await enqueueAll(
    tx,
    names.flatMap((name) => {
      const duration = timers[name];
      return duration === undefined ? [] : [timerJob(record.id, name, momentAfter(record.begunAt, duration))];
    }),
  );
}

function timerJob(id: string, name: TimerName, runAt: Instant) {
  return { queue: QUEUES.timers, key: `${id}/${name}`, payload: { id, name }, runAt };
}

/** Stops timers whose event has come. One that runs at this moment finds that out by itself. */
export async function stopTimers(tx: Tx, id: string, names: TimerName[]): Promise<void> {
  await cancelJobs(
    tx,
    QUEUES.timers,
    names.map((name) => `${id}/${name}`),
  );
}

const PASSED: Record<TimerName, (record: TransactionRecord) => boolean> = {
  acknowledge: (record) => record.receivedAt !== undefined,
  accept: (record) => record.acceptedAt !== undefined || record.closedAt !== undefined,
  respond: (record) => record.closedAt !== undefined,
};

/**
 * Runs the timers of the asking side. When the time to acknowledge is over and retries are left, the receiver is tried again at once
 * and the time begins anew; else the transaction is overdue, and its operation is told.
 */
export function timerHandler(ctx: ExchangeContext, operations: OperationFinder): JobHandler {
  return {
    queue: QUEUES.timers,
    batch: 20,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run(jobs) {
      return async (tx) => {
        for (const job of jobs) {
          const { id, name } = job.payload as { id: string; name: TimerName };
          await timeIsOver(tx, ctx, operations, id, name);
        }
      };
    },
  };
}

async function timeIsOver(
  tx: Tx,
  ctx: ExchangeContext,
  operations: OperationFinder,
  id: string,
  name: TimerName,
): Promise<void> {
  const locked = await lockRecord(tx, id, 'out');
  if (!locked || locked.record.closedAt !== undefined || PASSED[name](locked.record)) return;
  const { record, retries, timers } = locked;
  if (name === 'acknowledge' && retries > 0) {
    await updateRecord(tx, record, { retries: retries - 1 });
    await retryNow(tx, QUEUES.outgoing(record.to));
    await enqueueAll(tx, [timerJob(id, name, momentAfter(ctx.clock.now(), timers.acknowledge))]);
    return;
  }
  const overdue = record.overdue ?? name;
  await updateRecord(tx, record, { overdue });
  await operations.ofRecord(record)?.onOverdue?.(tx, { ...record, status: 'overdue', overdue }, name);
}
