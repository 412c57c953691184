-- The right to act for a person that she herself has given: to whom, for which service, until when. The number of the holder is that of the
-- home register of organisations.
create table given_mandates (
  subject text not null,
  id uuid not null,
  holder_kind text not null,
  holder text not null,
  holder_name text not null,
  service text not null,
  given_at timestamptz not null,
  until date not null,
  ended_at timestamptz,
  primary key (subject, id)
);
create unique index given_mandates_by_id on given_mandates (id);
create index given_mandates_held on given_mandates (holder_kind, holder, service) where ended_at is null;
