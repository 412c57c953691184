-- What operators did to this node through its console, each with its leaf in the ledger.
create table audit_act (
  id uuid primary key,
  at timestamptz not null,
  -- The account of whoever did it.
  by text not null,
  act text not null,
  about text not null,
  reason text not null,
  leaf text not null
);
create index audit_act_newest on audit_act (at desc, id desc);
