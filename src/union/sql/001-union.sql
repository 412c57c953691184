-- What this node knows of its union. Versions are only ever added: a row is the memory that makes a rollback or a second content visible.
create table union_version (
  kind       text        not null check (kind in ('charter', 'manifest')),
  -- the union of a charter, the state of a manifest
  subject    text        not null,
  version    integer     not null,
  digest     text        not null,
  sealed     bytea       not null,
  learned_at timestamptz not null,
  primary key (kind, subject, version)
);

create table union_ratification (
  digest     text        primary key,
  state      text        not null,
  agreement  text        not null,
  sealed     bytea       not null,
  learned_at timestamptz not null
);

-- What only an operator can settle, e.g. two contents of one charter version. One row for each distinct cause.
create table union_alarm (
  kind     text        not null,
  peer     text        not null,
  cause    text        not null,
  detail   jsonb       not null,
  first_at timestamptz not null,
  last_at  timestamptz not null,
  times    integer     not null default 1,
  primary key (kind, peer, cause)
);
