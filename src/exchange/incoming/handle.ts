import {
  cancelJob,
  describeError,
  enqueue,
  Failure,
  type Job,
  type JobHandler,
  type Json,
  type Queryable,
  reviveJob,
  type Tx,
} from '../../storage/index.ts';
import { type ExchangeContext, type MessageHandler, QUEUES, VOID_TYPE } from '../context.ts';
import type { MessageHead } from '../protocol/head.ts';
import { handlingJob } from './take.ts';

interface Place {
  lane: string;
  sender: string;
  id: string;
}

/**
 * Handles received messages: each handler runs in the transaction that marks its message as handled, so its effects happen exactly once,
 * whenever a process dies. A message whose handler keeps failing becomes a dead letter, and its lane waits behind it:
 * one case stands still and is seen, the others go on.
 */
export function incomingHandler(ctx: ExchangeContext, handlers: Record<string, MessageHandler>): JobHandler {
  return {
    queue: QUEUES.incoming,
    batch: 8,
    concurrency: 3,
    maxAttempts: 12,
    async run(jobs) {
      const places = jobs.map((job) => job.payload as unknown as Place).sort(byLane);
      return async (tx) => {
        for (const place of places) await handleOne(tx, ctx, handlers, place);
      };
    },
    async onDead(tx, job: Job, error) {
      const { lane, sender, id } = job.payload as unknown as Place;
      await tx.query(
        `update exchange_received set status = 'dead', error = $4 where lane = $1 and sender = $2 and id = $3`,
        [lane, sender, id, describeError(error)],
      );
    },
  };
}

async function handleOne(
  tx: Tx,
  ctx: ExchangeContext,
  handlers: Record<string, MessageHandler>,
  { lane, sender, id }: Place,
): Promise<void> {
  const [row] = await tx.query<{ head: Buffer; body: Buffer | null; status: string; sequence: number }>(
    `select head, body, status, sequence from exchange_received where lane = $1 and sender = $2 and id = $3 for update`,
    [lane, sender, id],
  );
  if (row?.status !== 'received') return;
  const head = JSON.parse(row.head.toString()) as MessageHead;
  if (head.type !== VOID_TYPE) {
    const handler = Object.hasOwn(handlers, head.type) ? handlers[head.type] : undefined;
    if (!handler) throw new Failure('EXCHANGE_TYPE_UNKNOWN', { type: head.type });
    if (row.body === null) throw new Failure('EXCHANGE_MESSAGE_ERASED', { message: id });
    await handler(tx, { head, body: parseBody(row.body) });
  }
  await tx.query(
    `update exchange_received set status = 'handled', handled_at = $4 where lane = $1 and sender = $2 and id = $3`,
    [lane, sender, id, ctx.clock.now()],
  );
  await advanceLane(tx, lane, sender, row.sequence);
}

/** The lane goes on: what comes next gets its job, if it has arrived; a gap waits. */
async function advanceLane(tx: Tx, lane: string, sender: string, sequence: number): Promise<void> {
  await tx.query(
    `update exchange_lane set next = $3 + 1 where lane = $1 and peer = $2 and direction = 'in' and next = $3`,
    [lane, sender, sequence],
  );
  const [next] = await tx.query<{ id: string }>(
    `select id from exchange_received where lane = $1 and sender = $2 and sequence = $3 and status = 'received'`,
    [lane, sender, sequence + 1],
  );
  if (next) await enqueue(tx, handlingJob(lane, sender, next.id));
}

/** A body that is not JSON can never be handled; the sender signed it, so it is kept as it is, as a dead letter. */
function parseBody(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    throw new Failure('EXCHANGE_MALFORMED', { what: 'body', reason: 'it is not JSON' });
  }
}

/** A message that its handler gave up; the lane behind it waits. */
interface DeadLetter {
  lane: string;
  sender: string;
  id: string;
  type: string;
  receivedAt: string;
  error: string;
  /** How many messages wait behind it. */
  behind: number;
}

/** The dead letters, oldest first. */
export async function listDeadLetters(db: Queryable): Promise<DeadLetter[]> {
  return db.query<DeadLetter>(
    `select d.lane, d.sender, d.id, d.type, d.received_at as "receivedAt", coalesce(d.error, '') as error,
       (select count(*)::int from exchange_received b
        where b.lane = d.lane and b.sender = d.sender and b.sequence > d.sequence and b.status = 'received') as behind
     from exchange_received d where d.status = 'dead' order by d.received_at limit 1000`,
  );
}

/** Lets a dead letter be handled anew. @returns false where there is none */
export async function retryDeadLetter(tx: Tx, sender: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    `update exchange_received set status = 'received', error = null where sender = $1 and id = $2 and status = 'dead' returning 1`,
    [sender, id],
  );
  return rows.length > 0 && reviveJob(tx, QUEUES.incoming, `${sender}/${id}`);
}

/** Lets the lane go on without a dead letter: an operator's decision, for a message that can never be handled. */
export async function skipDeadLetter(tx: Tx, sender: string, id: string): Promise<boolean> {
  const [row] = await tx.query<{ lane: string; sequence: number }>(
    `update exchange_received set status = 'skipped' where sender = $1 and id = $2 and status = 'dead' returning lane, sequence`,
    [sender, id],
  );
  if (!row) return false;
  await cancelJob(tx, QUEUES.incoming, `${sender}/${id}`);
  await advanceLane(tx, row.lane, sender, row.sequence);
  return true;
}

function byLane(a: Place, b: Place): number {
  return a.lane === b.lane ? 0 : a.lane < b.lane ? -1 : 1;
}
