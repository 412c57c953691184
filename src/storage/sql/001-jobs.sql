-- Jobs: outbox, timers and side effects in one table. A row lives from the transaction that wants the work until the one that
-- records its result; then it is deleted. Dead rows stay for people to see.
create sequence job_token;

create table job (
  queue      text        not null,
  key        text        not null,
  lane       text,
  payload    jsonb       not null,
  -- business time, by the injected clock; -infinity: at once
  run_at     timestamptz not null default '-infinity',
  -- machine time of the database: until then leased to a worker (token set) or backing off (token null)
  visible_at timestamptz not null default '-infinity',
  token      bigint,
  attempts   integer     not null default 0,
  position   bigint      generated always as identity,
  dead_at    timestamptz,
  error      text,
  primary key (queue, key)
);

create index job_due on job (queue, run_at, position) where dead_at is null;
create index job_lane on job (queue, lane, run_at, position) where dead_at is null and lane is not null;
create index job_dead on job (queue, dead_at) where dead_at is not null;

-- One row a queue: claims of a queue take it one after the other, so that lanes are seen whole; a serial queue is leased here.
create table job_queue (
  queue        text        primary key,
  token        bigint,
  leased_until timestamptz not null default '-infinity'
);
