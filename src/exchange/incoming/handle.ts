import { type Hop, msSince, noteHop } from '../../measures/index.ts';
import {
  cancelJob,
  describeError,
  enqueueAll,
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
import { traceOfMessage } from '../trace.ts';
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
export function incomingHandler(
  ctx: ExchangeContext,
  handlers: Record<string, MessageHandler>,
  onHop?: (hop: Hop) => void,
): JobHandler {
  return {
    queue: QUEUES.incoming,
    batch: 16,
    concurrency: 3,
    maxAttempts: 12,
    async run(jobs) {
      const places = jobs.map((job) => job.payload as unknown as Place);
      return (tx) => handleAll(tx, ctx, handlers, places, onHop);
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

interface Received extends Place {
  sequence: number;
  head: Buffer;
  body: Buffer | null;
}

/** Messages of different lanes, each the next of its own. */
async function handleAll(
  tx: Tx,
  ctx: ExchangeContext,
  handlers: Record<string, MessageHandler>,
  places: readonly Place[],
  onHop: ((hop: Hop) => void) | undefined,
): Promise<void> {
  const rows = await tx.query<Received>(
    `select lane, sender, id, sequence, head, body from exchange_received
     where (lane, sender, id) in (select * from unnest($1::text[], $2::text[], $3::uuid[])) and status = 'received'
     order by lane, sender for update`,
    keysOf(places),
  );
  for (const row of rows) {
    const began = performance.now();
    const head = JSON.parse(row.head.toString()) as MessageHead;
    await handleOne(tx, handlers, head, row);
    const ms = msSince(began);
    const { from: peer, id, type: what } = head;
    tx.afterCommit(() =>
      noteHop({ hop: 'handle', trace: traceOfMessage(head), peer, id, what, outcome: 'handled', ms }, onHop),
    );
  }
  await tx.query(
    `update exchange_received set status = 'handled', handled_at = $4
     where (lane, sender, id) in (select * from unnest($1::text[], $2::text[], $3::uuid[]))`,
    [...keysOf(rows), ctx.clock.now()],
  );
  await advanceLanes(tx, rows);
}

async function handleOne(
  tx: Tx,
  handlers: Record<string, MessageHandler>,
  head: MessageHead,
  { id, body }: Received,
): Promise<void> {
  if (head.type === VOID_TYPE) return;
  const handler = Object.hasOwn(handlers, head.type) ? handlers[head.type] : undefined;
  if (!handler) throw new Failure('EXCHANGE_TYPE_UNKNOWN', { type: head.type });
  if (body === null) throw new Failure('EXCHANGE_MESSAGE_ERASED', { message: id });
  await handler(tx, { head, body: parseBody(body) });
}

const keysOf = (places: readonly Place[]) => [
  places.map(({ lane }) => lane),
  places.map(({ sender }) => sender),
  places.map(({ id }) => id),
];

/** The lanes go on: what comes next gets its job, if it has arrived; a gap waits. */
async function advanceLanes(
  tx: Tx,
  done: readonly { lane: string; sender: string; sequence: number }[],
): Promise<void> {
  if (done.length === 0) return;
  const values = [done.map(({ lane }) => lane), done.map(({ sender }) => sender), done.map(({ sequence }) => sequence)];
  // In the order in which a receiving transaction locks them.
  await tx.query(
    `select 1 from exchange_lane where direction = 'in' and (lane, peer) in (select * from unnest($1::text[], $2::text[]))
     order by lane, peer for update`,
    values.slice(0, 2),
  );
  await tx.query(
    `update exchange_lane l set next = w.sequence + 1
     from unnest($1::text[], $2::text[], $3::bigint[]) as w (lane, sender, sequence)
     where l.lane = w.lane and l.peer = w.sender and l.direction = 'in' and l.next = w.sequence`,
    values,
  );
  const next = await tx.query<Place>(
    `select r.lane, r.sender, r.id from unnest($1::text[], $2::text[], $3::bigint[]) as w (lane, sender, sequence)
     join exchange_received r on r.lane = w.lane and r.sender = w.sender and r.sequence = w.sequence + 1
     where r.status = 'received'`,
    values,
  );
  await enqueueAll(
    tx,
    next.map(({ lane, sender, id }) => handlingJob(lane, sender, id)),
  );
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
  await advanceLanes(tx, [{ ...row, sender }]);
  return true;
}
