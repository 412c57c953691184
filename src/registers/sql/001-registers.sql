-- Rows of the state's registers with their history. `subject` is the normalised local id of the person: the distribution key.
create table register_rows (
  subject text not null,
  register text not null,
  -- Canonical JSON of the key columns: which row of the register it is, over all its versions.
  row_key text not null,
  revision integer not null,
  content jsonb not null,
  content_digest text not null,
  -- Digest of what the source last said. Differs from the content's when an officer corrected the row here.
  source_digest text,
  -- What the row says of who the person is, computed from the content.
  person jsonb not null,
  -- The version of the normalisation that made its keys.
  keys_version integer not null,
  known_from timestamptz not null,
  known_until timestamptz,
  cause text not null check (cause in ('import', 'correction')),
  import uuid,
  officer text,
  reason text,
  primary key (subject, register, row_key, revision),
  check ((cause = 'import') = (import is not null)),
  check ((cause = 'correction') = (officer is not null and reason is not null))
);
create unique index register_rows_current on register_rows (subject, register, row_key) where known_until is null;
create index register_rows_by_key on register_rows (register, row_key) where known_until is null;

-- By what a person of a register may be looked for. Only finds candidates: what the rows say decides, so a key of a row that changed since
-- does no harm and stays.
create table register_keys (
  register text not null,
  key text not null,
  subject text not null,
  primary key (register, key, subject)
);

-- One row a register: who writes to it holds this row's lock, so that two imports and a correction never cross.
create table register_heads (
  register text primary key,
  residents boolean not null
);

create table register_imports (
  id uuid primary key,
  register text not null,
  agency text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  read integer,
  taken integer,
  unchanged integer,
  refused integer
);

-- Rows that were not taken: where and why, never what stood there.
create table register_rejections (
  import uuid not null,
  line integer not null,
  reason text not null,
  params jsonb not null,
  primary key (import, line)
);

-- The keys an import has met so far, to find the second row of one key in a file of any length. Emptied when the import ends; losing it
-- in a crash costs nothing, since the import is then begun anew.
create unlogged table register_import_keys (
  import uuid not null,
  row_key text not null,
  line integer not null,
  primary key (import, row_key)
);

-- Under which reference a person of a register is known to her home state: so that a later use at the agency itself reaches her record.
create table register_matches (
  subject text not null,
  register text not null,
  home text not null,
  reference text not null,
  matched_at timestamptz not null,
  primary key (subject, register, home, reference)
);

-- Questions that a state asked within an hour, in shares, so that many questions at once do not wait for one row.
create table register_questions (
  home text not null,
  hour timestamptz not null,
  share integer not null,
  asked integer not null,
  primary key (home, hour, share)
);
