-- Letters to people. Only what they are about is kept, never the words: those follow the reader's language.
create table letters (
  person text not null,
  id uuid not null,
  cause text not null,
  kind text not null,
  params jsonb not null,
  link text,
  at timestamptz not null,
  read_at timestamptz,
  primary key (person, id),
  unique (person, cause)
);
create index letters_by_time on letters (person, at desc);
