-- Who may call what. The tables of what holds now are small and read whole; each change of them is a row of access_change, in the
-- same transaction, with its leaf in the ledger.

create table access_change (
  id      uuid        primary key,
  at      timestamptz not null,
  -- who made it: an agency, or an operator of the node
  by      text        not null,
  kind    text        not null,
  -- what it is about: a system, a service, a group, a grant
  about   text        not null,
  content jsonb       not null,
  leaf    uuid        not null
);
create index access_change_about on access_change (about, at);

-- Every change raises it; a process that remembers rules compares it before each decision.
create table access_version (
  id      integer primary key check (id = 1),
  version bigint  not null
);
insert into access_version values (1, 0);

-- This state's information systems: how a door knows them, and how it answers them.
create table access_system (
  agency       text        not null,
  code         text        not null,
  -- the weakest connection that is accepted: mutual, tls, plain
  connection   text        not null check (connection in ('mutual', 'tls', 'plain')),
  certificates text[]      not null,
  addresses    text[]      not null,
  dialect      text        not null check (dialect in ('upper', 'lower')),
  strict       boolean     not null,
  removed_at   timestamptz,
  primary key (agency, code)
);

create table access_group_member (
  name   text not null,
  -- kz.pension-fund or kz.pension-fund/registry
  member text not null,
  primary key (name, member)
);

create table access_service (
  agency    text  not null,
  system    text  not null,
  code      text  not null,
  kind      text  not null check (kind in ('REST', 'OPENAPI')),
  url       text  not null,
  endpoints jsonb not null,
  openapi   jsonb,
  -- why it is switched off, for who asks; null: it is on
  disabled  text,
  primary key (agency, system, code)
);

create table access_grant (
  id             uuid        primary key,
  subject_kind   text        not null check (subject_kind in ('agency', 'system', 'group')),
  subject        text        not null,
  agency         text        not null,
  system         text        not null,
  service        text        not null,
  method         text        not null,
  path           text        not null,
  purpose        jsonb       not null,
  expires        timestamptz not null,
  calls          bigint,
  bytes          bigint,
  window_seconds integer,
  fields         jsonb,
  mode           text        not null check (mode in ('batch', 'message')),
  granted_by     text        not null,
  granted_at     timestamptz not null,
  revoked_at     timestamptz,
  foreign key (agency, system, service) references access_service (agency, system, code)
);
create index access_grant_service on access_grant (agency, system, service) where revoked_at is null;

-- What was used of a grant in a window; processes draw calls from it in small parts.
create table access_use (
  grant_id uuid   not null,
  window_at bigint not null,
  calls    bigint not null,
  bytes    bigint not null,
  primary key (grant_id, window_at)
);

-- Refusals, for "why was I denied". Without path, query or body: they may name a person.
create table access_denial (
  id      uuid        primary key,
  at      timestamptz not null,
  caller  text        not null,
  service text        not null,
  method  text        not null,
  reason  text        not null
);
create index access_denial_at on access_denial (at);
