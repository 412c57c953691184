-- A decision can be put right: the one that stands is in `application_cases`, those that it took the place of are here.
create table replaced_decisions (
  application uuid not null,
  state text not null,
  digest text not null,
  decision jsonb not null,
  document text,
  replaced_at timestamptz not null,
  primary key (application, state, digest)
);
alter table application_cases add column corrected_at timestamptz;
alter table held_documents add column replaced_at timestamptz;
-- The document that came instead; none where nothing is granted any more.
alter table held_documents add column replaced_by text;

-- Evidence asked anew after a decision: what was sent with the application stays beside it as it was.
create table renewed_evidence (
  application uuid not null,
  key text not null,
  type text not null,
  state text not null,
  agency text not null,
  status text not null,
  transaction_id text not null,
  request text,
  asked_at timestamptz not null,
  received_at timestamptz,
  evidence jsonb,
  refusal text,
  primary key (application, key)
);

-- What she asked an authority to put right, each with its transaction; `evidence` are the digests of what went with it.
create table correction_requests (
  application uuid not null,
  transaction_id text not null,
  state text not null,
  status text not null,
  reason text not null,
  evidence jsonb not null,
  asked_at timestamptz not null,
  answered_at timestamptz,
  answer jsonb,
  code text,
  primary key (application, transaction_id)
);
-- One that is not answered yet is enough.
create unique index correction_requests_open on correction_requests (application, state) where status in ('sent', 'accepted');
