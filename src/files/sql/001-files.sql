-- Files that people upload. `owner` is the application at home, the case where it is decided: the distribution key. A file is the
-- same file wherever it is named, so its digest names it.
create table stored_file (
  owner uuid not null,
  digest text not null,
  kind text not null,
  size int not null,
  bytes bytea not null,
  -- quarantined until the scanner has judged it; then clean or refused
  status text not null,
  reason text,
  stored_at timestamptz not null,
  judged_at timestamptz,
  primary key (owner, digest)
);
