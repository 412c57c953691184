-- What other states say of how often they used data of our persons, beside what they told us: a proof shows that an entry is there, and only
-- counts show that one is missing.

-- By day (UTC) and agency, as the state's latest statement has it; a number that fell in a later one stays as it was.
create table access_stated (
  state text not null,
  day date not null,
  agency text not null,
  entries integer not null check (entries >= 0),
  -- of them those that an agreement lets it keep back still
  withheld integer not null check (withheld between 0 and entries),
  primary key (state, day, agency)
);

-- The latest statement itself, as it was sealed: what is held against a state can be shown to others.
create table access_statement (
  state text primary key,
  sealed jsonb not null,
  stated_at timestamptz not null,
  received_at timestamptz not null
);

create index access_entries_of_home on access_entries (home, at);
create index access_entries_of_state on access_entries (state, at) where received_at is not null;
