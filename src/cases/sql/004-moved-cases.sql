-- A case follows a newer contract only by an explicit action; `contract` and `annex` are then those that it was moved to.
alter table cases add column moved_at timestamptz;
