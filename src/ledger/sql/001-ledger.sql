-- The ledger: one append-only Merkle tree per log origin. Nothing here holds personal data once an opening is deleted.

-- A log of this node. `note` is the signed checkpoint of `size` leaves; this one row is what all integrations queue behind.
create table ledger_log (
  log smallint generated always as identity primary key,
  origin text not null unique,
  size bigint not null check (size >= 0),
  root bytea not null,
  note text not null,
  at timestamptz not null
);

-- What opens a leaf. Deleting the row makes the leaf mute for ever; the tree stays as it is.
create table ledger_opening (
  log smallint not null,
  id uuid not null,
  kind text not null,
  salt bytea not null,
  content_digest bytea not null,
  primary key (log, id)
);

-- Committed leaves that have no index yet. Claimed by being here, never by order: transactions commit in any order.
create table ledger_pending (
  log smallint not null,
  id uuid not null,
  data bytea not null,
  primary key (log, id)
);

create table ledger_position (
  log smallint not null,
  id uuid not null,
  index bigint not null,
  primary key (log, id)
);

-- Tiles of up to 256 entries of 32 bytes. Level 0 holds the data of the leaves (their hashes follow from it), higher levels
-- hold hashes. A partial tile is a prefix of what it becomes.
create table ledger_tile (
  log smallint not null,
  level smallint not null,
  index bigint not null,
  body bytea not null,
  primary key (log, level, index)
);
alter table ledger_tile alter column body set storage external;

-- Checkpoints that were shown to witnesses; `witnessed` once a quorum of them had cosigned.
create table ledger_checkpoint (
  log smallint not null,
  size bigint not null,
  note text not null,
  at timestamptz not null,
  witnessed boolean not null default false,
  primary key (log, size)
);
create index ledger_checkpoint_witnessed on ledger_checkpoint (log, size) where witnessed;

-- One per witness, named as we call it: a witness that changes its key still counts once.
create table ledger_cosignature (
  log smallint not null,
  size bigint not null,
  witness text not null,
  line text not null,
  at timestamptz not null,
  primary key (log, size, witness)
);

-- What each witness of ours said last: `size` is what it holds of our log. state: ok, ahead, refused, silent.
create table ledger_peer (
  log smallint not null,
  witness text not null,
  key text not null,
  size bigint not null,
  state text not null,
  at timestamptz not null,
  primary key (log, witness)
);

-- Who does a task at present. The epoch is the fencing token: it grows with each change of holder.
create table ledger_lease (
  log smallint not null,
  task text not null,
  holder uuid not null,
  epoch bigint not null,
  until timestamptz not null,
  primary key (log, task)
);

-- As a witness of others: the largest checkpoint that was cosigned here, with our line under it.
create table ledger_witness (
  origin text primary key,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null
);

-- Two signed checkpoints of one size and different roots: proof that a log showed two histories.
create table ledger_fork (
  origin text not null,
  size bigint not null,
  known_note text not null,
  other_note text not null,
  at timestamptz not null,
  primary key (origin, size)
);
