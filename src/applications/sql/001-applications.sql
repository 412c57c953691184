-- The home side. Drafts are plain rows with an expiry; what was submitted is sealed and never changes.
create table drafts (
  id uuid primary key,
  person text not null,
  agreement text not null,
  contract text not null,
  service text not null,
  answers jsonb not null default '{}',
  revision int not null default 1,
  reference text not null,
  confirmed boolean not null default false,
  created timestamptz not null,
  expires timestamptz not null,
  submitted boolean not null default false
);
create index drafts_of_person on drafts (person, created desc);

-- Evidence asked for a draft; it stays with the application after submission.
create table application_evidence (
  application uuid not null,
  key text not null,
  type text not null,
  state text not null,
  agency text not null,
  status text not null,
  transaction_id text not null,
  -- digest of the question: an answer to an earlier one is not the answer to this one
  request text,
  asked_at timestamptz not null,
  received_at timestamptz,
  evidence jsonb,
  refusal text,
  primary key (application, key)
);

-- Pages exactly as she saw them before sending: the sealed application names the digest.
create table application_pages (
  application uuid not null,
  digest text not null,
  revision int not null,
  page text not null,
  seen_at timestamptz not null,
  primary key (application, digest)
);

create table applications (
  id uuid primary key,
  person text not null,
  agreement text not null,
  contract text not null,
  service text not null,
  filed_at timestamptz not null,
  status text not null,
  sealed jsonb not null
);
create index applications_of_person on applications (person, filed_at desc);

-- One authority's work on an application, kept in step by the messages of its transaction.
create table application_cases (
  application uuid not null,
  state text not null,
  agency text not null,
  transaction_id text not null,
  status text not null,
  case_id uuid,
  accepted_at timestamptz,
  decided_at timestamptz,
  due_at timestamptz not null,
  decision jsonb,
  refusal text,
  document text,
  primary key (application, state)
);

create table held_documents (
  person text not null,
  id text not null,
  application uuid not null,
  type text not null,
  state text not null,
  agency text not null,
  credential text not null,
  paper text not null,
  received_at timestamptz not null,
  file bytea,
  primary key (person, id)
);
create index held_documents_of_application on held_documents (application, id);
