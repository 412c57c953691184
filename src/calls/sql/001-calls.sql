-- Calls of information systems between nodes, as this node signed and received them.

-- A signed batch. It is durable before it leaves, and before anything of a received one is done.
create table call_batch (
  id          uuid        not null,
  -- out: signed by this node; in: signed by the peer. A call of a node to itself has both.
  direction   text        not null check (direction in ('in', 'out')),
  peer        text        not null,
  at          timestamptz not null,
  -- exact bytes
  envelope    bytea       not null,
  signature   bytea       not null,
  -- salts, heads and digests as src/calls/protocol/entries.ts keeps them; bodies are not kept
  entries     bytea       not null,
  -- the first eight bytes of the SHA-256 of each name that a call in it may be looked for by
  names       bigint[]    not null,
  -- the group that it became durable with, and its place there
  leaf        uuid        not null,
  place       integer     not null,
  primary key (id, direction)
);
-- What is compressed in vain costs as much as what is worth it.
alter table call_batch alter column entries set storage external;
create index call_batch_at on call_batch using brin (at);

-- Batches that became durable together: one leaf of this node's ledger for all of them.
create table call_group (
  leaf        uuid        primary key,
  -- 32 bytes for each batch, in the order of their places
  members     bytea       not null
);
