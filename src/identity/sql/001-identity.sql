-- Accounts of persons and officers at their home node. What identifies a person to the state stands in its register; here is only the key to it.
create table identity_accounts (
  id text primary key,
  kind text not null check (kind in ('person', 'officer')),
  state text not null,
  local_id text,
  agency text,
  name text not null,
  today date,
  check ((kind = 'person') = (local_id is not null)),
  check ((kind = 'officer') = (agency is not null))
);
create unique index identity_accounts_person on identity_accounts (local_id) where kind = 'person';

-- What an officer may do: a role at his agency, for one service or for all of them.
create table identity_grants (
  account text not null,
  agency text not null,
  role text not null,
  service text not null default '*',
  primary key (account, agency, role, service)
);

-- Sessions are found by the digest of a random token that only the browser keeps: a copy of this table signs nobody in.
create table identity_sessions (
  token_digest text primary key,
  id uuid not null,
  account text not null,
  method text not null,
  assurance text not null check (assurance in ('low', 'substantial', 'high')),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index identity_sessions_account on identity_sessions (account);
create index identity_sessions_expiry on identity_sessions (expires_at);
