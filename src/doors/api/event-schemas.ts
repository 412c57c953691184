import Type from 'typebox';
import { MESSAGE_LIMITS } from '../../messages/index.ts';
import {
  Address,
  Base64,
  closed,
  Id,
  Key,
  LocalName,
  listOf,
  MediaType,
  Moment,
  nullable,
  Persons,
  TypeName,
  text,
  whole,
} from './schemas.ts';

/** The shapes of topics, events and subscriptions. */

const Uri = Type.String({ pattern: '^[^\\s\\u0000]+$', maxLength: 300, description: 'A URI reference.' });

/** CloudEvents 1.0, structured. */
export const Event = closed({
  specversion: Type.Enum(['1.0']),
  id: Type.String({ pattern: '^[^\\u0000]+$', maxLength: 200, description: 'With the source it names the event.' }),
  source: Uri,
  type: TypeName,
  subject: Type.Optional(text(200)),
  time: Type.Optional(
    Type.String({ format: 'date-time', maxLength: 40, description: 'Default: when it is published.' }),
  ),
  datacontenttype: Type.Optional(MediaType),
  dataschema: Type.Optional(Uri),
  partitionkey: Type.Optional(Key),
  data: Type.Optional(Type.Unknown({ description: 'Any JSON value; a text where datacontenttype is none of JSON.' })),
  data_base64: Type.Optional(Base64),
});
export const EventBatch = Type.Array(Event, { minItems: 1, maxItems: MESSAGE_LIMITS.event.batch });

/** An object of somebody else's design. */
const Document = Type.Unknown({ description: 'A JSON object.' });
const Described = closed({ format: Type.Enum(['json-schema', 'openapi']), schema: Document });
const Retention = whole(60, MESSAGE_LIMITS.retentionSeconds.most, 'Default: 7 days.');
const Title = Type.String({ pattern: '^[^\\u0000]*\\S[^\\u0000]*$', maxLength: 200 });

export const NewTopicBody = closed({
  title: Title,
  persons: Persons,
  description: Type.Optional(Described),
  retentionSeconds: Type.Optional(Retention),
});
export const AnyTopic = closed({
  topic: Address,
  title: Title,
  description: nullable(Described),
  retentionSeconds: Retention,
  persons: Persons,
});

export const PublishedEvents = closed({
  events: listOf(
    closed({
      id: text(200),
      source: Uri,
      position: whole(1, Number.MAX_SAFE_INTEGER, 'In the order of publishing.'),
      isNew: Type.Boolean({ description: 'Whether it was not there before.' }),
    }),
    MESSAGE_LIMITS.event.batch,
  ),
});

const Prefix = Type.String({
  pattern: '^[a-z0-9.-]*$',
  maxLength: 100,
  description: 'Types that begin so; empty: all.',
});
const Subject = text(200, 'Subjects that begin so; empty: all.');
const Starts = Type.Enum(['now', 'earliest'], {
  description: 'earliest: with what the topic still holds. Default: now.',
});

export const NewSubscriptionBody = closed({
  topic: Address,
  types: Type.Optional(Prefix),
  subject: Type.Optional(Subject),
  starts: Type.Optional(Starts),
  webhook: Type.Optional(
    closed({
      url: Type.String({
        pattern: '^https://[^\\s?#]+$',
        maxLength: 500,
        description: 'Where the events are brought, each signed. Without it you pull them.',
      }),
      certificate: Type.Optional(text(16_384, 'PEM: trusted there in place of the usual authorities.')),
    }),
  ),
  expiresInSeconds: Type.Optional(whole(1, MESSAGE_LIMITS.subscriptionSeconds.most, 'Default: 366 days.')),
});
export const AnySubscription = closed({
  id: Id,
  topic: Address,
  types: Prefix,
  subject: Subject,
  starts: Starts,
  expires: Moment,
  status: Type.Enum(['waiting', 'active', 'refused', 'stopped', 'ended', 'expired'], {
    description:
      "waiting: for the topic's node. active: events come. refused: no grant. stopped: the grant has ended. ended: by you. All but the first two are for good.",
  }),
  reason: nullable(
    closed({
      code: Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', maxLength: 64, description: 'Stable: docs/errors.md.' }),
      detail: Type.Optional(text(500)),
      denial: Type.Optional(Id),
      askAgency: Type.Optional(text(100)),
    }),
  ),
  webhook: nullable(
    closed({
      url: text(500),
      provenAt: nullable(Moment),
      failure: nullable(text(60, 'Why the last try failed: `HTTP_503`, `REDIRECT`, `PRIVATE_ADDRESS`, `NOT_ALLOWED`.')),
      triedAt: nullable(Moment),
    }),
  ),
  madeAt: Moment,
  changedAt: Moment,
});

export const EventLease = closed({
  lease: Id,
  until: Moment,
  events: listOf(
    closed({
      message: Id,
      delivery: whole(1, 1000, '1 for the first time.'),
      receivedAt: Moment,
      expires: Moment,
      event: Event,
    }),
    MESSAGE_LIMITS.pull.messages,
  ),
});

export const DeadEvents = closed({
  events: listOf(
    closed({
      message: Id,
      type: TypeName,
      reason: text(200, 'Why it came to nothing; of a webhook, why its last try failed.'),
      deliveries: whole(0, 1000),
      receivedAt: Moment,
      behind: whole(0, Number.MAX_SAFE_INTEGER, 'Events of its key that wait behind it.'),
    }),
    1000,
  ),
});

const Coordinate = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 100 });
export const WebhookKeys = closed({
  keys: listOf(
    closed({
      suite: Type.Enum(['ed25519', 'es256']),
      id: Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 100, description: '`keyid` of a signature.' }),
      jwk: closed({ kty: text(10), crv: text(20), x: Coordinate, y: Type.Optional(Coordinate) }),
    }),
    100,
  ),
});

export const TOPIC = { topic: { in: 'path', required: true, schema: LocalName } } as const;
export const SUBSCRIPTION = { subscription: { in: 'path', required: true, schema: Id } } as const;
