import {
  currentRules,
  listAllowed,
  openChannel,
  type Service,
  type ServiceId,
  type SystemId,
  systemName,
} from '../../access/index.ts';
import { Failure, json, type Queryable } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { LIMITS } from '../limits.ts';
import { channelOf } from '../names.ts';
import { type Description, readDescription } from './schema.ts';

/** A topic: what it is about, how its events look, and how long it holds them. */
export interface Topic {
  /** `kz.population/register/moves` */
  topic: string;
  title: string;
  description: Description | null;
  retentionSeconds: number;
  /** Where the data of its events name the persons they are about, or `none`. */
  persons: string[];
}

/** What a system says of a topic of its own. */
export interface NewTopic {
  title: string;
  /** As of `openChannel`, in the data of an event: `body:/person/code`, `none`. */
  persons: readonly string[];
  description?: Description | undefined;
  retentionSeconds?: number | undefined;
}

/**
 * Publishes a topic of a system, or changes what it says of it. Nobody may subscribe before a grant: method SUBSCRIBE, path a slash and the
 * type of the events.
 * @throws Failure ACCESS_NAME, ACCESS_PERSONS, ACCESS_SERVICE_TAKEN, MESSAGES_TOPIC_SCHEMA, MESSAGES_RETENTION
 * @example await publishTopic(ctx, { agency: 'kz.population', system: 'register' }, 'moves', { title: 'Moves', persons: ['body:/person'] })
 */
export async function publishTopic(
  ctx: MessagesContext,
  system: SystemId,
  name: string,
  { title, persons, description, retentionSeconds = LIMITS.retentionSeconds.usual }: NewTopic,
): Promise<Topic> {
  const most = LIMITS.retentionSeconds.most;
  if (!Number.isSafeInteger(retentionSeconds) || retentionSeconds < 60 || retentionSeconds > most)
    throw new Failure('MESSAGES_RETENTION', { most });
  if (description !== undefined) readDescription(description);
  const topic = channelOf(system, name);
  await openChannel(ctx, { name: topic, kind: 'EVENTS', persons, by: systemName(system) });
  await ctx.db.query(
    `insert into messages_topic (topic, title, format, schema, retention_seconds) values ($1, $2, $3, $4::jsonb, $5)
     on conflict (topic) do update set title = excluded.title, format = excluded.format, schema = excluded.schema,
       retention_seconds = excluded.retention_seconds`,
    [
      topic,
      title,
      description?.format ?? null,
      description === undefined ? null : json(description.schema),
      retentionSeconds,
    ],
  );
  return { topic, title, description: description ?? null, retentionSeconds, persons: [...persons] };
}

/** The topics of a system. */
export async function listTopics(ctx: MessagesContext, { agency, system }: SystemId): Promise<Topic[]> {
  const { services } = await currentRules(ctx);
  const rows = await readTopics(ctx.db, `${agency}/${system}/`);
  return rows.map((row) => topicOf(row, services.get(row.topic)));
}

/** The topics of this state with how many events each holds, for its operator. */
export async function listAllTopics(db: Queryable): Promise<{ topic: string; title: string; events: number }[]> {
  return db.query(
    `select topic, title, (select count(*)::int from messages_event e where e.topic = t.topic and e.event is not null) as events
     from messages_topic t order by topic`,
  );
}

/** @throws Failure MESSAGES_TOPIC_UNKNOWN */
export async function getTopic(ctx: MessagesContext, system: SystemId, name: string): Promise<Topic> {
  const found = (await listTopics(ctx, system)).find(({ topic }) => topic === channelOf(system, name));
  if (found === undefined)
    throw new Failure('MESSAGES_TOPIC_UNKNOWN', { system: systemName(system), topic: name.slice(0, 64) });
  return found;
}

/**
 * What is said of a topic of this state, for a system that may have some of its events.
 * @throws Failure MESSAGES_TOPIC_UNKNOWN, for one that it is not granted as well
 */
export async function describeTopic(
  ctx: MessagesContext,
  caller: SystemId,
  { service, ...system }: ServiceId,
): Promise<Topic> {
  const allowed = await listAllowed(ctx, caller, system);
  if (!allowed.some((one) => one.service === service && one.kind === 'EVENTS'))
    throw new Failure('MESSAGES_TOPIC_UNKNOWN', { system: systemName(system), topic: service });
  return getTopic(ctx, system, service);
}

interface TopicRow {
  topic: string;
  title: string;
  format: Description['format'] | null;
  schema: Description['schema'] | null;
  retentionSeconds: number;
}

const readTopics = (db: Queryable, prefix: string): Promise<TopicRow[]> =>
  db.query<TopicRow>(
    `select topic, title, format, schema, retention_seconds as "retentionSeconds" from messages_topic
     where starts_with(topic, $1) order by topic`,
    [prefix],
  );

function topicOf({ format, schema, ...row }: TopicRow, service: Service | undefined): Topic {
  const description = format === null || schema === null ? null : { format, schema };
  return { ...row, description, persons: service?.persons ?? [] };
}
