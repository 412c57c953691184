-- What deciding authorities ask ours for an opinion on; `id` is the transaction that brought it.
create table case_opinions (
  agency text not null,
  id uuid not null,
  agreement text not null,
  contract text not null,
  pattern text not null,
  service text not null,
  stage text not null,
  evidence text not null,
  from_state text not null,
  from_agency text not null,
  application text not null,
  home text not null,
  reference text not null,
  shows jsonb not null,
  -- Digest of the question: the opinion answers exactly this one.
  request text not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  status text not null default 'asked',
  answered_at timestamptz,
  -- Which officer accepted, gave or declined it.
  officer text,
  primary key (agency, id)
);
create index case_opinions_waiting on case_opinions (agency, status, due_at);
