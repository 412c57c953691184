-- Where a node brings the events of a subscription to, instead of waiting until they are pulled.
create table messages_webhook (
  -- of the subscription
  id          uuid        primary key,
  system      text        not null,
  url         text        not null,
  -- PEM: trusted in place of the usual authorities
  certificate text,
  -- when the target said that it wants events; null: it has not
  proven_at   timestamptz,
  -- events in a minute that it takes; null: any number
  rate        integer,
  -- nothing goes before then, since its minute is full
  paced_until timestamptz,
  -- of the handshake
  attempts    integer     not null default 0,
  -- why the last try failed, by a word; null: it did not
  failure     text,
  tried_at    timestamptz
);

-- Loopback and private networks in which the operator lets webhooks stand.
create table messages_webhook_network (
  network text        primary key,
  by      text        not null,
  at      timestamptz not null
);
