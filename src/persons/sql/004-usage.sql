-- Information systems that the operator lets read the access records of this state's persons, as a citizens' portal of the state does.
create table usage_consumer (
  -- kz.digital/portal
  system   text        primary key,
  -- the legal ground, which each person sees
  ground   text        not null,
  until    timestamptz not null,
  by       text        not null,
  at       timestamptz not null
);
