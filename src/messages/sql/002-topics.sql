-- Topics, their events, and who subscribes. An event travels to a subscriber of any state as a message into a channel that the subscription
-- has for itself. Large tables carry their distribution key first: the topic, the system that subscribes.

create table messages_topic (
  -- kz.population/register/moves
  topic             text    primary key,
  title             text    not null,
  -- json-schema: of the data of every event; openapi: webhooks.TYPE of a document; null: none is given
  format            text    check (format in ('json-schema', 'openapi')),
  schema            jsonb,
  retention_seconds integer not null,
  last_position     bigint  not null default 0,
  check ((format is null) = (schema is null))
);

create table messages_event (
  topic        text        not null,
  -- the order of publishing
  position     bigint      not null,
  -- of CloudEvents: both together name an event
  source       text        not null,
  event_id     text        not null,
  type         text        not null,
  subject      text,
  -- of what was published under the id: the same id for something else is refused
  digest       bytea       not null,
  -- structured JSON of CloudEvents, and whom it names; gone once its time is over
  event        bytea,
  persons      jsonb,
  published_at timestamptz not null,
  expires      timestamptz not null,
  primary key (topic, position),
  unique (topic, source, event_id)
);
create index messages_event_expires on messages_event (topic, expires);

-- At the node of the topic: who gets its events, and how far it has got.
create table messages_subscriber (
  topic      text        not null,
  id         uuid        not null,
  -- by.pension-fund/registry
  subscriber text        not null,
  types      text        not null,
  subject    text        not null,
  -- the position of the last event that was sent or passed over
  cursor     bigint      not null,
  expires    timestamptz not null,
  -- active, stopped (no grant any more), ended (by the subscriber), expired
  status     text        not null,
  reason     jsonb,
  made_at    timestamptz not null,
  changed_at timestamptz not null,
  primary key (topic, id)
);
create index messages_subscriber_active on messages_subscriber (topic) where status = 'active';

-- At the node of the subscriber.
create table messages_subscription (
  system          text        not null,
  id              uuid        not null,
  idempotency_key text        not null,
  request_digest  bytea       not null,
  topic           text        not null,
  -- prefixes of type and subject; empty: all
  types           text        not null,
  subject         text        not null,
  -- now; earliest: what the topic still holds
  starts          text        not null,
  expires         timestamptz not null,
  -- waiting (for the node of the topic), active, refused, stopped, ended, expired
  status          text        not null,
  reason          jsonb,
  made_at         timestamptz not null,
  changed_at      timestamptz not null,
  primary key (system, id),
  unique (system, idempotency_key)
);
create index messages_subscription_id on messages_subscription (id);
