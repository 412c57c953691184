-- A claim in one statement, since every message, timer and side effect passes through one. It leases the next due jobs of a queue:
-- whether a job is due is asked of the caller's clock (`now_there`), leases run by the database's, so nodes with odd clocks agree on them.
-- The statements inside see each what was committed when they began: the queue's row makes claims take turns, and what the turn
-- before leased is seen by the next.
create function claim_jobs(wanted text, now_there timestamptz, most integer, lease interval, alone boolean) returns setof job
language plpgsql as $$
declare
  free   boolean;
  moment timestamptz;
  fence  bigint;
begin
  loop
    select leased_until <= clock_timestamp() into free from job_queue where job_queue.queue = wanted for update;
    exit when found;
    insert into job_queue (queue) values (wanted) on conflict do nothing;
  end loop;
  if alone and not free then return; end if;
  -- One moment for all: with a clock that moves on, a job could count as backing off for itself and as free for those behind it in its lane.
  moment := clock_timestamp();
  fence := nextval('job_token');
  if alone then
    return query
      with due as materialized (
        select j.key from job j
        where j.queue = wanted and j.dead_at is null and j.run_at <= now_there
          and not exists (
            select 1 from job held
            where held.queue = wanted and held.dead_at is null and held.run_at <= now_there and held.visible_at > moment)
        order by j.run_at, j.position limit most
        for update)
      update job set token = fence, attempts = attempts + 1, visible_at = moment + lease
      from due where job.queue = wanted and job.key = due.key
      returning job.*;
    if found then
      update job_queue set token = fence, leased_until = moment + lease where job_queue.queue = wanted;
    end if;
  else
    return query
      with due as materialized (
        select j.key from job j
        where j.queue = wanted and j.dead_at is null and j.run_at <= now_there and j.visible_at <= moment
          and (j.lane is null or not exists (
            select 1 from job before
            where before.queue = wanted and before.lane = j.lane and before.dead_at is null
              and (before.run_at, before.position) < (j.run_at, j.position) and before.visible_at > moment))
        order by j.run_at, j.position limit most
        for update skip locked)
      update job set token = fence, attempts = attempts + 1, visible_at = moment + lease
      from due where job.queue = wanted and job.key = due.key
      returning job.*;
  end if;
end
$$;
