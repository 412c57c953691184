-- What was asked under an idempotency key. The id is made from the key, so that one key is one row on one shard; who inserts it
-- issues, whoever comes at the same moment waits here and finds the document.
create table document_requests (
  id uuid primary key,
  digest text not null
);

-- Documents that this state issued.
create table documents (
  id uuid primary key,
  type text not null,
  vct text not null,
  agency text not null,
  home text not null,
  reference text not null,
  case_id text,
  credential text not null,
  paper text not null,
  leaf jsonb not null,
  leaf_id text not null,
  list int not null,
  place int not null,
  issued_at timestamptz not null,
  valid_until timestamptz
);
create index documents_of_case on documents (case_id);

-- Status lists. A list keeps the address that its credentials name, wherever the portal moves. `revision` grows with every change of a status, so that each process knows when its signed list is old.
create table document_lists (
  list int primary key,
  size int not null,
  bits int not null,
  uri text not null,
  revision bigint not null default 0,
  opened_at timestamptz not null
);

-- One row for each taken place of a list. The place is random: a list tells nobody who got a document after whom.
create table document_places (
  list int not null,
  place int not null,
  document uuid not null,
  status int not null default 0,
  primary key (list, place)
);
create index document_places_changed on document_places (list) where status <> 0;

-- Every change of a status, with its reason for officers; appended only.
create table document_status_changes (
  document uuid not null,
  at timestamptz not null,
  status text not null,
  actor text not null,
  reason text not null,
  leaf_id text not null,
  primary key (document, at)
);
