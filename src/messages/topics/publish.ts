import { type NamedPerson, namedInCall, readPersonPlaces, type SystemId } from '../../access/index.ts';
import type { CloudEvent } from '../../client/index.ts';
import { canonicalJson, sha256 } from '../../crypto/index.ts';
import {
  addMilliseconds,
  enqueue,
  enqueueAll,
  Failure,
  type Instant,
  type Json,
  json,
  type Tx,
} from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { demandRate } from '../send.ts';
import { demandEvent, jsonDataOf } from './event.ts';
import { FAN_OUT, SWEEP } from './queues.ts';
import { demandDescribed } from './schema.ts';
import { getTopic, type Topic } from './topics.ts';

/** An event that its topic holds. */
export interface Published {
  id: string;
  source: string;
  /** In the order of publishing. */
  position: number;
  /** Whether it was not there before. */
  isNew: boolean;
}

interface Checked {
  event: CloudEvent;
  digest: Buffer;
  persons: NamedPerson[];
}

/**
 * Publishes events of a system's topic: all of them or none. They are durable when this returns and go to everybody who subscribes and is
 * granted their type. The same source and id again is the same event, as long as the topic holds it.
 * @throws Failure MESSAGES_TOPIC_UNKNOWN, MESSAGES_EVENT, MESSAGES_TYPE, MESSAGES_KEY, MESSAGES_TOO_LARGE, MESSAGES_EVENT_REUSED, MESSAGES_RATE,
 *   ACCESS_PERSON_UNNAMED where an event does not name whom it is about though the topic says where
 */
export async function publishEvents(
  ctx: MessagesContext,
  system: SystemId,
  name: string,
  events: readonly CloudEvent[],
): Promise<Published[]> {
  const topic = await getTopic(ctx, system, name);
  const checked = events.map((event) => check(ctx, topic, event));
  for (const _ of events) await demandRate(ctx, system);
  return ctx.db.transaction(async (tx) => {
    const now = ctx.clock.now();
    const expires = addMilliseconds(now, topic.retentionSeconds * 1000);
    const last = await takePositions(tx, topic.topic, events.length);
    const published: Published[] = [];
    for (const [place, one] of checked.entries())
      published.push(await put(tx, topic.topic, one, { position: last - events.length + 1 + place, now, expires }));
    if (published.some(({ isNew }) => isNew)) await wantFanOut(tx, topic.topic, last, expires);
    return published;
  });
}

function check(ctx: MessagesContext, topic: Topic, event: CloudEvent): Checked {
  demandEvent(event);
  demandDescribed(event, topic.description ?? undefined);
  const body = jsonDataOf(event);
  const named = namedInCall(readPersonPlaces(topic.persons), {
    path: `/${event.type}`,
    rawQuery: '',
    headers: [],
    ...(body === undefined ? {} : { body }),
  });
  // A number without a state is one of the topic's, wherever it is read.
  const persons = (named ?? []).map(({ number, state = ctx.trust.self }) => ({ number, state }));
  return { event, digest: sha256(canonicalJson(event as unknown as Json)), persons };
}

/** One publisher after the other: positions are seen in their order. */
async function takePositions(tx: Tx, topic: string, count: number): Promise<number> {
  const [row] = await tx.query<{ last: string }>(
    'update messages_topic set last_position = last_position + $2 where topic = $1 returning last_position as last',
    [topic, count],
  );
  return Number(row?.last ?? 0);
}

async function put(
  tx: Tx,
  topic: string,
  { event, digest, persons }: Checked,
  { position, now, expires }: { position: number; now: Instant; expires: Instant },
): Promise<Published> {
  const { id, source, type, subject } = event;
  const held: CloudEvent = { ...event, time: event.time ?? now };
  const made = await tx.query(
    `insert into messages_event (topic, position, source, event_id, type, subject, digest, event, persons, published_at, expires)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11) on conflict (topic, source, event_id) do nothing returning 1`,
    [
      topic,
      position,
      source,
      id,
      type,
      subject ?? null,
      digest,
      Buffer.from(JSON.stringify(held)),
      json(persons),
      now,
      expires,
    ],
  );
  if (made.length > 0) return { id, source, position, isNew: true };
  const [known] = await tx.query<{ position: string; digest: Buffer }>(
    'select position, digest from messages_event where topic = $1 and source = $2 and event_id = $3',
    [topic, source, id],
  );
  if (!known?.digest.equals(digest)) throw new Failure('MESSAGES_EVENT_REUSED');
  return { id, source, position: Number(known.position), isNew: false };
}

async function wantFanOut(tx: Tx, topic: string, last: number, expires: Instant): Promise<void> {
  const active = await tx.query<{ id: string }>(
    `select id from messages_subscriber where topic = $1 and status = 'active' order by id`,
    [topic],
  );
  await enqueueAll(
    tx,
    active.map(({ id }) => ({ queue: FAN_OUT, key: `${id}/${last}`, lane: id, payload: { topic, id } })),
  );
  // Their contents are deleted once the day is over on which their time ends.
  const day = expires.slice(0, 10);
  const runAt = addMilliseconds(`${day}T00:00:00.000Z`, 86_400_000);
  await enqueue(tx, { queue: SWEEP, key: `${topic}/${day}`, payload: { topic }, runAt });
}
