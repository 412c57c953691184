-- Who works on a case, and since when it waits for another authority: folds of its log, for queues.
alter table cases add column assignee text;
alter table cases add column waits_since timestamptz;
create index cases_assignee on cases (agency, assignee, due_at) where phase in ('received', 'inProgress');

-- Queues that an officer keeps under a name: his own, and only how to look, never what he saw.
create table case_saved_queues (
  officer text not null,
  name text not null,
  query text not null,
  saved_at timestamptz not null,
  primary key (officer, name)
);
