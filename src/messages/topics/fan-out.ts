import {
  countBytes,
  decide,
  type Grant,
  minimise,
  type NamedPerson,
  parseServiceName,
  parseSystemName,
  stateOfAgency,
  systemName,
} from '../../access/index.ts';
import type { CloudEvent } from '../../client/index.ts';
import { randomId } from '../../crypto/index.ts';
import { send } from '../../exchange/index.ts';
import { addMilliseconds, enqueue, type Instant, isFailure, type JobHandler, type Tx } from '../../storage/index.ts';
import { deliverBody } from '../body.ts';
import { JSON_TYPE } from '../content.ts';
import { type MessagesContext, TYPES } from '../context.ts';
import { channelOf, laneOf } from '../names.ts';
import { reasonOf } from '../reasons.ts';
import type { Reason } from '../sent.ts';
import { jsonDataOf, keyOf } from './event.ts';
import { FAN_OUT } from './queues.ts';
import { endSubscriber, findSubscriber, isGranted, type Subscriber } from './subscribers.ts';

/** Events of one step. */
const STEP = 100;
/** A topic that is switched off is looked at again after this time. */
const DISABLED_MS = 60_000;

interface Held {
  position: number;
  type: string;
  event: Buffer;
  persons: NamedPerson[];
  expires: Instant;
  fits: boolean;
}

/** How far a step came, what goes, and what comes after it. */
interface Step {
  cursor: number;
  going: { held: Held; grant: Grant }[];
  isMore: boolean;
  waitUntil?: Instant;
  stop?: Reason;
}

/**
 * Sends a subscriber what a topic holds behind its cursor, each event by a decision of its own: what is not granted is passed over, a used-up
 * quota waits, and where no grant is left the subscription has ended. The cursor moves in the transaction that sends.
 */
export function fanOutJob(ctx: MessagesContext): JobHandler {
  return {
    queue: FAN_OUT,
    concurrency: 4,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run(jobs) {
      const [{ topic, id }] = jobs.map(({ payload }) => payload) as [{ topic: string; id: string }];
      const subscriber = await findSubscriber(ctx.db, topic, id);
      if (subscriber?.status !== 'active') return;
      if (subscriber.expires <= ctx.clock.now())
        return (tx) => endSubscriber(tx, ctx, subscriber, 'expired', { code: 'MESSAGES_EXPIRED' });
      const step = await nextStep(ctx, subscriber);
      return (tx) => take(tx, ctx, subscriber, step);
    },
  };
}

async function nextStep(ctx: MessagesContext, subscriber: Subscriber): Promise<Step> {
  const { topic, types, subject } = subscriber;
  const rows = await ctx.db.query<Held>(
    `select position::float8 as position, type, event, persons, expires,
       starts_with(type, $3) and starts_with(coalesce(subject, ''), $4) as fits
     from messages_event where topic = $1 and position > $2 and event is not null and expires > $5 order by position limit ${STEP}`,
    [topic, subscriber.cursor, types, subject, ctx.clock.now()],
  );
  const step: Step = { cursor: subscriber.cursor, going: [], isMore: rows.length === STEP };
  const asked = {
    caller: parseSystemName(subscriber.subscriber),
    service: parseServiceName(topic),
    method: 'SUBSCRIBE',
  };
  for (const held of rows) {
    try {
      if (held.fits) {
        const { grant } = await decide(ctx, { ...asked, rawPath: `/${held.type}` });
        step.going.push({ held, grant });
      }
    } catch (error) {
      if (!isFailure(error) || error.code.startsWith('STORAGE_')) throw error;
      if (error.code === 'ACCESS_QUOTA') return { ...step, waitUntil: String(error.params.until) };
      if (error.code === 'ACCESS_SERVICE_DISABLED')
        return { ...step, waitUntil: addMilliseconds(ctx.clock.now(), DISABLED_MS) };
      // An event of a type that is not granted is none for this subscriber.
      if (!(error.code === 'ACCESS_DENIED' && (await isGranted(ctx, subscriber))))
        return { ...step, stop: await reasonOf(ctx, error) };
    }
    step.cursor = held.position;
  }
  return step;
}

async function take(tx: Tx, ctx: MessagesContext, subscriber: Subscriber, step: Step): Promise<void> {
  const { topic, id } = subscriber;
  const moved = await tx.query(
    `update messages_subscriber set cursor = $3 where topic = $1 and id = $2 and status = 'active' and cursor = $4 returning 1`,
    [topic, id, step.cursor, subscriber.cursor],
  );
  // It has ended meanwhile.
  if (moved.length === 0) return;
  for (const { held, grant } of step.going) await sendEvent(tx, ctx, subscriber, held, grant);
  if (step.stop !== undefined) return endSubscriber(tx, ctx, subscriber, 'stopped', step.stop);
  const again = { queue: FAN_OUT, lane: id, payload: { topic, id } };
  if (step.waitUntil !== undefined)
    await enqueue(tx, { ...again, key: `${id}/wait/${step.waitUntil}`, runAt: step.waitUntil });
  else if (step.isMore) await enqueue(tx, { ...again, key: `${id}/after/${step.cursor}` });
}

/** The event goes as a message to the channel of the subscription, as little of it as the grant lets through. */
async function sendEvent(tx: Tx, ctx: MessagesContext, to: Subscriber, held: Held, grant: Grant): Promise<void> {
  const sender = systemName(parseServiceName(to.topic));
  const channel = channelOf(parseSystemName(to.subscriber), to.id);
  const event = granted(JSON.parse(held.event.toString('utf8')) as CloudEvent, grant);
  const bytes = Buffer.from(JSON.stringify(event), 'utf8');
  const key = keyOf(event);
  const id = randomId();
  const facts = { subscription: to.id, persons: held.persons, purpose: grant.purpose };
  const lane = laneOf(sender, channel, key, id);
  // Held no longer than the topic, the grant and the subscription let it be.
  const expires = [held.expires, grant.expires, to.expires].toSorted()[0] as Instant;
  const body = deliverBody({ sender, channel, type: event.type, key, event: facts, contentType: JSON_TYPE, bytes });
  await send(tx, ctx, { id, to: stateOfAgency(channel), type: TYPES.deliver, lane, expires, body });
  await countBytes(ctx, grant, bytes.length);
}

/** Only named fields of JSON, where the grant names them: nothing of what is not JSON. */
function granted(event: CloudEvent, { fields }: Grant): CloudEvent {
  if (fields === null) return event;
  const { data, data_base64, ...attributes } = event;
  const value = jsonDataOf(event);
  return value === undefined ? attributes : { ...attributes, data: minimise(value, fields) };
}
