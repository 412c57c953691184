-- Durable messages between information systems. They travel as messages of the exchange; these tables hold how they stand for the two
-- systems. Large tables carry their distribution key first: the system that sends, the channel that receives.

create table messages_sent (
  -- by.pension-fund/registry
  sender          text        not null,
  id              uuid        not null,
  idempotency_key text        not null,
  -- of what was asked with the key: the same key for something else is refused
  request_digest  bytea       not null,
  -- kz.population/register/claims
  channel         text        not null,
  type            text        not null,
  ordering_key    text,
  -- of the exchange
  lane            text        not null,
  content_type    text        not null,
  size            integer     not null,
  created         timestamptz not null,
  expires         timestamptz not null,
  -- waiting, received (its receiver's node has it), acknowledged, dead (its receiver gave up), refused, expired, dropped, resent
  status          text        not null,
  status_at       timestamptz not null,
  -- why: code, and what a refusal for lack of a grant tells
  reason          jsonb,
  -- the message that was sent in its place
  resent_as       uuid,
  primary key (sender, id),
  unique (sender, idempotency_key)
);
create index messages_sent_id on messages_sent (id);
create index messages_sent_status on messages_sent (sender, status, id);
create index messages_sent_failed on messages_sent (status_at) where status in ('dead', 'refused', 'expired');

-- One row a channel: pulls take it one after the other, so that the order of each key is seen whole.
create table messages_channel (
  channel text primary key
);

create table messages_inbox (
  channel      text        not null,
  id           uuid        not null,
  position     bigint      generated always as identity,
  sender       text        not null,
  type         text        not null,
  ordering_key text,
  content_type text        not null,
  -- gone once the message is settled
  content      bytea,
  size         integer     not null,
  -- whom it names, as the channel says where; null: nobody. Gone once the message is settled
  persons      jsonb,
  -- of the grant
  purpose      jsonb       not null,
  created      timestamptz not null,
  expires      timestamptz not null,
  received_at  timestamptz not null,
  -- ready, leased, acknowledged, dead (given up; its key waits behind it), dropped (by an operator), expired
  status       text        not null,
  lease        uuid,
  leased_until timestamptz,
  -- backs off until then
  not_before   timestamptz,
  deliveries   integer     not null default 0,
  -- the receiving system's word, or a code
  reason       text,
  settled_at   timestamptz,
  primary key (channel, id)
);
create index messages_inbox_id on messages_inbox (id);
create index messages_inbox_open on messages_inbox (channel, position) where status in ('ready', 'leased');
create index messages_inbox_key on messages_inbox (channel, sender, ordering_key, position)
  where status in ('ready', 'leased', 'dead') and ordering_key is not null;
create index messages_inbox_leased on messages_inbox (channel, leased_until) where status = 'leased';
create index messages_inbox_expires on messages_inbox (channel, expires) where status in ('ready', 'leased');
create index messages_inbox_dead on messages_inbox (received_at) where status = 'dead';
