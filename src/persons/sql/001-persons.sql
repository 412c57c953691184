-- Persons of this state who have an account here: the name the other rooms know them by, and their number in the population register.
create table person_subjects (
  subject text primary key,
  local_id text not null unique,
  since timestamptz not null
);

-- The name under which other authorities know a person in one application. Pairwise: two applications cannot be put together by it.
create table person_references (
  reference text primary key,
  subject text not null,
  application text not null,
  since timestamptz not null,
  unique (subject, application)
);

-- Numbers of a person in other states: made once, with proof and consent, visible to her, revocable.
create table person_links (
  subject text not null,
  id uuid not null,
  state text not null,
  number text not null,
  proof jsonb not null,
  consent uuid,
  made_at timestamptz not null,
  revoked_at timestamptz,
  primary key (subject, id)
);
create unique index person_links_standing on person_links (subject, state, number) where revoked_at is null;

create table person_consents (
  subject text not null,
  id uuid not null,
  agency text not null,
  purpose text not null,
  article text not null,
  application text,
  given_at timestamptz not null,
  until timestamptz,
  withdrawn_at timestamptz,
  primary key (subject, id)
);
create unique index person_consents_by_id on person_consents (id);

-- Each use of a person's data, by agencies of this state and, as their nodes told us, of others.
-- `person` is the subject of a person of ours, `<home>/<reference>` of another state's.
create table access_entries (
  person text not null,
  id uuid not null,
  state text not null,
  home text not null,
  application text,
  -- The entry exactly as it was logged: its digest is what the ledger proves.
  content jsonb not null,
  at timestamptz not null,
  -- Of entries made here: the leaf of our ledger. Of others: what their node sent as proof.
  leaf text,
  proof jsonb,
  received_at timestamptz,
  primary key (person, id),
  check ((leaf is null) = (proof is not null and received_at is not null))
);
create index access_entries_newest on access_entries (person, at desc, id desc);

-- How often an agency of ours used one person's data: its own count, told with every entry, so that a missing one shows.
create table access_counters (
  person text not null,
  agency text not null,
  uses integer not null,
  primary key (person, agency)
);
