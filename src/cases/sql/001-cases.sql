-- A case is its append-only list of actions. Row `cases` is the fold of that list, written in the same transaction.
create table cases (
  id uuid primary key,
  application uuid not null,
  home text not null,
  reference text not null,
  agreement text not null,
  contract text not null,
  annex text not null,
  service text not null,
  agency text not null,
  transaction_id text not null,
  phase text not null,
  stage text,
  outcome text,
  filed_on date not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  decided_at timestamptz,
  escalated_at timestamptz,
  actions int not null,
  head text not null,
  -- Ids of applications are the home states' own: a state that learned another's must not be able to take its place.
  unique (home, application, agency)
);
create index cases_queue on cases (agency, phase, due_at);

create table case_actions (
  case_id uuid not null,
  sequence int not null,
  key text not null,
  at timestamptz not null,
  verb text not null,
  actor jsonb not null,
  definition text not null,
  payload_digest text not null,
  previous text not null,
  digest text not null,
  primary key (case_id, sequence),
  unique (case_id, key)
);

-- What an action says stands apart, so that it can be erased while the chain stands: the digest above is salted.
create table case_payloads (
  case_id uuid not null,
  sequence int not null,
  salt text not null,
  payload jsonb not null,
  primary key (case_id, sequence)
);

-- What authorities of other states told ours; `id` is the transaction that brought it.
create table case_notices (
  agency text not null,
  id uuid not null,
  agreement text not null,
  contract text not null,
  service text not null,
  stage text not null,
  from_state text not null,
  from_agency text not null,
  application text not null,
  home text not null,
  reference text not null,
  says jsonb not null,
  received_at timestamptz not null,
  primary key (agency, id)
);
create index case_notices_newest on case_notices (agency, received_at desc);

-- One row for each officer and case: opening a case twice is one use of the person's data.
create table case_readings (
  case_id uuid not null,
  officer text not null,
  at timestamptz not null,
  primary key (case_id, officer)
);
