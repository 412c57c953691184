-- Codes that an office gives somebody whose papers two of its officers have seen: the first half by one, the second by the other. Only digests.
create table identity_enrolments (
  id uuid primary key,
  agency text not null,
  local_id text not null,
  name text not null,
  document text not null check (document in ('passport', 'identityCard', 'residencePermit')),
  -- She has lost what she signed in with: using the code ends it.
  recovery boolean not null,
  first_digest text not null unique,
  issued_by text not null,
  issued_at timestamptz not null,
  second_digest text,
  confirmed_by text check (confirmed_by <> issued_by),
  confirmed_at timestamptz,
  used_at timestamptz,
  expires_at timestamptz not null,
  check ((second_digest is null) = (confirmed_by is null))
);
create index identity_enrolments_person on identity_enrolments (local_id);

-- How surely a person was known when the session began, where that is more than the session itself proves: what may be bound in it counts so far.
alter table identity_sessions add column proofing text check (proofing in ('low', 'substantial', 'high'));
