import {
  decide,
  listAllowed,
  parseServiceName,
  parseSystemName,
  serviceName,
  stateOfAgency,
} from '../../access/index.ts';
import { type MessageHandler, send, takeBack } from '../../exchange/index.ts';
import {
  enqueue,
  Failure,
  type Instant,
  isFailure,
  type JobHandler,
  type Json,
  json,
  type Queryable,
  type Tx,
} from '../../storage/index.ts';
import { readDeliverBody } from '../body.ts';
import { type MessagesContext, TYPES } from '../context.ts';
import { reasonOf } from '../reasons.ts';
import type { Reason } from '../sent.ts';
import { FAN_OUT } from './queues.ts';
import { readSubscribe, type Subscribe } from './words.ts';

/** Who gets the events of a topic of this state. */
export interface Subscriber {
  topic: string;
  id: string;
  /** `by.pension-fund/registry` */
  subscriber: string;
  /** Prefixes of type and subject; empty: all. */
  types: string;
  subject: string;
  cursor: number;
  expires: Instant;
  status: 'active' | 'stopped' | 'ended' | 'expired';
  reason: Reason | null;
}

const COLUMNS = 'topic, id, subscriber, types, subject, cursor::float8 as cursor, expires, status, reason';

export async function findSubscriber(db: Queryable, topic: string, id: string): Promise<Subscriber | undefined> {
  const [row] = await db.query<Subscriber>(`select ${COLUMNS} from messages_subscriber where topic = $1 and id = $2`, [
    topic,
    id,
  ]);
  return row;
}

/** Everybody who subscribes, or did, to topics of this state, and how many events of a topic are still before each. */
export const listSubscribers = (db: Queryable): Promise<(Subscriber & { behind: number })[]> =>
  db.query(
    `select ${COLUMNS}, case when status = 'active' then
       (select count(*)::int from messages_event e where e.topic = s.topic and e.position > s.cursor and e.event is not null) else 0 end as behind
     from messages_subscriber s order by topic, made_at, id limit 10000`,
  );

type Message = Parameters<MessageHandler>[1];

/** A system of some state wants the events of a topic here: from now on, or it is told why not. */
export async function subscribeArrived(tx: Tx, ctx: MessagesContext, { head, body }: Message): Promise<void> {
  const wanted = readSubscribe(body);
  try {
    await demandMaySubscribe(ctx, head.from, wanted);
  } catch (error) {
    if (!isFailure(error) || error.code.startsWith('STORAGE_')) throw error;
    await tellSubscriber(tx, ctx, head.from, wanted.id, 'refused', await reasonOf(ctx, error));
    return;
  }
  const { topic, id, subscriber, types, subject, expires } = wanted;
  const now = ctx.clock.now();
  const made = await tx.query(
    `insert into messages_subscriber (topic, id, subscriber, types, subject, cursor, expires, status, made_at, changed_at)
     select t.topic, $2, $3, $4, $5, case when $6 then 0 else t.last_position end, $7, 'active', $8, $8
     from (select topic, last_position from messages_topic where topic = $1 for share) t
     on conflict (topic, id) do nothing returning 1`,
    [topic, id, subscriber, types, subject, wanted.starts === 'earliest', expires, now],
  );
  if (made.length === 0) return;
  await tellSubscriber(tx, ctx, head.from, id, 'active');
  await enqueue(tx, { queue: FAN_OUT, key: `${id}/0`, lane: id, payload: { topic, id } });
}

async function demandMaySubscribe(ctx: MessagesContext, from: string, wanted: Subscribe): Promise<void> {
  const caller = parseSystemName(wanted.subscriber);
  if (stateOfAgency(caller.agency) !== from)
    throw new Failure('MESSAGES_FOREIGN_SENDER', { from, sender: wanted.subscriber });
  if (await isGranted(ctx, wanted)) return;
  const service = parseServiceName(wanted.topic);
  await decide(ctx, { caller, service, method: 'SUBSCRIBE', rawPath: `/${wanted.types}` });
  // Something else of that name is granted, which nobody can subscribe to.
  const { agency, system, service: topic } = service;
  throw new Failure('MESSAGES_TOPIC_UNKNOWN', { system: `${agency}/${system}`, topic });
}

/** Whether a subscriber may have any events of a topic at this moment. */
export async function isGranted(
  ctx: MessagesContext,
  { topic, subscriber }: Pick<Subscriber, 'topic' | 'subscriber'>,
): Promise<boolean> {
  const allowed = await listAllowed(ctx, parseSystemName(subscriber), parseServiceName(topic));
  return allowed.some((service) => serviceName(service) === topic && service.kind === 'EVENTS');
}

/** Its subscriber wants no more. */
export async function unsubscribeArrived(tx: Tx, ctx: MessagesContext, { head, body }: Message): Promise<void> {
  const { topic, id } = (body ?? {}) as { topic?: Json; id?: Json };
  if (typeof topic !== 'string' || typeof id !== 'string') throw new Failure('MESSAGES_MALFORMED');
  await tx.query(
    `update messages_subscriber set status = 'ended', changed_at = $4
     where topic = $1 and id::text = $2 and split_part(subscriber, '.', 1) = $3 and status = 'active'`,
    [topic, id, head.from, ctx.clock.now()],
  );
}

/** Ends a subscription that is active, and tells its node at once. */
export async function endSubscriber(
  tx: Tx,
  ctx: MessagesContext,
  { topic, id }: Pick<Subscriber, 'topic' | 'id'>,
  status: 'stopped' | 'expired',
  reason: Reason,
): Promise<void> {
  const [row] = await tx.query<{ subscriber: string }>(
    `update messages_subscriber set status = $3, reason = $4::jsonb, changed_at = $5
     where topic = $1 and id = $2 and status = 'active' returning subscriber`,
    [topic, id, status, json(reason), ctx.clock.now()],
  );
  if (row === undefined) return;
  const to = stateOfAgency(row.subscriber);
  // An expired one holds nothing that has not expired with it.
  if (status === 'stopped') {
    const is = (body: Json) => readDeliverBody(body).event?.subscription === id;
    await takeBack(tx, ctx, { to, type: TYPES.deliver, holds: id, is, code: reason.code });
  }
  await tellSubscriber(tx, ctx, to, id, status, reason);
}

async function tellSubscriber(
  tx: Tx,
  ctx: MessagesContext,
  to: string,
  id: string,
  status: 'active' | 'refused' | 'stopped' | 'expired',
  reason?: Reason,
): Promise<void> {
  const body = {
    id,
    status,
    at: ctx.clock.now(),
    ...(reason === undefined ? {} : { reason: reason as unknown as Json }),
  };
  await send(tx, ctx, { to, type: TYPES.subscription, lane: `subscription/${id}`, body });
}

/** After a change of grants: who may have nothing any more gets nothing any more. */
export function reviewJob(ctx: MessagesContext, queue: string): JobHandler {
  return {
    queue,
    batch: 50,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run() {
      const active = await ctx.db.query<Subscriber>(
        `select ${COLUMNS} from messages_subscriber where status = 'active'`,
      );
      const gone: { one: Subscriber; reason: Reason }[] = [];
      for (const one of active) if (!(await isGranted(ctx, one))) gone.push({ one, reason: await whyNot(ctx, one) });
      return async (tx) => {
        for (const { one, reason } of gone) await endSubscriber(tx, ctx, one, 'stopped', reason);
      };
    },
  };
}

/** Why a subscriber may have no events, with the refusal that explains it. */
export async function whyNot(ctx: MessagesContext, { topic, subscriber, types }: Subscriber): Promise<Reason> {
  const asked = { caller: parseSystemName(subscriber), service: parseServiceName(topic) };
  try {
    await decide(ctx, { ...asked, method: 'SUBSCRIBE', rawPath: `/${types}` });
  } catch (error) {
    if (isFailure(error) && !error.code.startsWith('STORAGE_')) return reasonOf(ctx, error);
    throw error;
  }
  return { code: 'MESSAGES_NOT_SUBSCRIBED' };
}
