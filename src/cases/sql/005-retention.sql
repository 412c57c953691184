-- When what authorities were sent with a case, a notice or a question was deleted, since the time for which the agreement lets it be kept
-- was over. The log of the case stands: its digests are over salts that are gone.
alter table cases add column erased_at timestamptz;
alter table case_notices add column erased_at timestamptz;
alter table case_opinions add column erased_at timestamptz;
create index cases_kept on cases (decided_at) where erased_at is null and decided_at is not null;
