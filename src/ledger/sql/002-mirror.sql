-- Copies of the other states' logs, as this node verified them leaf by leaf, and what it has against them.

-- The largest tree of another log that was recomputed here. `probe` is the tile whose served bytes are compared next.
create table ledger_mirror (
  mirror smallint generated always as identity primary key,
  origin text not null unique,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null,
  probe bigint not null default 0
);

-- As ledger_tile: level 0 holds the data of leaves.
create table ledger_mirror_tile (
  mirror smallint not null,
  level smallint not null,
  index bigint not null,
  body bytea not null,
  primary key (mirror, level, index)
);
alter table ledger_mirror_tile alter column body set storage external;

-- Checkpoints as they were served, with the cosignatures of that moment: they say what a log did not have yet at what time.
create table ledger_mirror_head (
  mirror smallint not null,
  size bigint not null,
  note text not null,
  at timestamptz not null,
  primary key (mirror, size)
);

-- A broken promise with what proves it. Once per log, kind and cause, however often it is seen.
create table ledger_complaint (
  origin text not null,
  kind text not null,
  cause text not null,
  id uuid not null unique,
  evidence jsonb not null,
  at timestamptz not null,
  primary key (origin, kind, cause)
);
