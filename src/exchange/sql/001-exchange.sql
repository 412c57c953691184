-- The exchange. Large tables carry their distribution key first: the lane, which is an application or a case.

-- What this node sends. The row is the durable intent: written in the transaction that wants the message, before anything leaves.
create table exchange_sent (
  lane            text        not null,
  id              uuid        not null,
  receiver        text        not null,
  type            text        not null,
  sequence        bigint      not null,
  created         timestamptz not null,
  expires         timestamptz not null,
  application     text,
  transaction     uuid,
  -- exact bytes; body and salt are null once erased
  head            bytea       not null,
  body            bytea,
  salt            bytea,
  body_digest     bytea       not null,
  -- the 'message-sent' leaf of this node's ledger
  leaf            uuid        not null,
  -- waiting, delivered, voiding (its place is being given up), refused, expired
  status          text        not null,
  -- why it was refused
  refusal         text,
  -- the batch whose answer counts, the place in it, and the answer as it was signed
  batch           uuid,
  place           integer,
  receipt         bytea,
  -- the batch in which the message first reached the receiver is named in the receipt
  received_at     timestamptz,
  receipt_leaf    uuid,
  -- the peer's inclusion proof of its 'message-received' leaf
  peer_index      bigint,
  peer_proof      jsonb,
  primary key (lane, id)
);
create index exchange_sent_id on exchange_sent (id);
create index exchange_sent_application on exchange_sent (application) where application is not null;
create index exchange_sent_batch on exchange_sent (batch) where batch is not null;

-- What this node received. (sender, id) within a lane is the idempotency key; a sender cannot take another sender's ids.
create table exchange_received (
  lane            text        not null,
  sender          text        not null,
  id              uuid        not null,
  type            text        not null,
  sequence        bigint      not null,
  created         timestamptz not null,
  expires         timestamptz not null,
  application     text,
  transaction     uuid,
  head            bytea       not null,
  body            bytea,
  salt            bytea,
  body_digest     bytea       not null,
  received_at     timestamptz not null,
  -- the 'message-received' leaf, and its salt, which the receipt promises
  leaf            uuid        not null,
  leaf_salt       text        not null,
  -- the batch in which it first came
  batch           uuid        not null,
  place           integer     not null,
  -- received, handled, dead (its handler gave up), skipped (by an operator)
  status          text        not null,
  error           text,
  handled_at      timestamptz,
  peer_index      bigint,
  peer_proof      jsonb,
  primary key (lane, sender, id),
  unique (lane, sender, sequence)
);
create index exchange_received_id on exchange_received (id);
create index exchange_received_application on exchange_received (application) where application is not null;
create index exchange_received_dead on exchange_received (received_at) where status = 'dead';

-- The next number of a lane: to be given to a message (out), or to be handled (in).
create table exchange_lane (
  lane            text        not null,
  peer            text        not null,
  direction       text        not null check (direction in ('in', 'out')),
  next            bigint      not null,
  primary key (lane, peer, direction)
);

-- Signed envelopes, each with the leaf hashes under its root, so that a message can be proven alone when others were erased.
create table exchange_envelope (
  -- the batch
  id              uuid        not null,
  -- sent: our batch and the peer's answer to it; received: the peer's batch
  direction       text        not null check (direction in ('in', 'out')),
  peer            text        not null,
  envelope        bytea       not null,
  signature       bytea       not null,
  leaves          bytea       not null,
  answer          bytea,
  answer_signature bytea,
  answer_leaves   bytea,
  at              timestamptz not null,
  primary key (id, direction)
);

-- How it goes with each peer, for the people who run the node.
create table exchange_peer (
  peer            text        primary key,
  heard_at        timestamptz,
  failed_at       timestamptz,
  failure         text,
  charter         text
);

-- Typed exchanges between two roles. A transaction with oneself has two rows, one for each side.
create table exchange_transaction (
  lane            text        not null,
  id              uuid        not null,
  direction       text        not null check (direction in ('in', 'out')),
  code            text        not null,
  pattern         text        not null,
  operation       text        not null,
  agreement       text        not null,
  contract        text        not null,
  from_state      text        not null,
  to_state        text        not null,
  from_agency     text        not null,
  to_agency       text        not null,
  application     text,
  case_id         text,
  -- sent, received, accepted, responded, refused
  status          text        not null,
  -- the first timer that ran out, if any; a late answer is still taken
  overdue         text,
  request         uuid        not null,
  request_digest  text        not null,
  response        uuid,
  response_digest text,
  refusal         text,
  retries         integer     not null,
  timers          jsonb       not null,
  begun_at        timestamptz not null,
  received_at     timestamptz,
  accepted_at     timestamptz,
  closed_at       timestamptz,
  primary key (lane, id, direction)
);
create index exchange_transaction_id on exchange_transaction (id);
create index exchange_transaction_application on exchange_transaction (application) where application is not null;
create index exchange_sent_undelivered on exchange_sent (created) where status in ('voiding', 'expired', 'refused');
create index exchange_sent_waiting on exchange_sent (receiver, created) where status in ('waiting', 'confirming');
