-- The contract that an authority decides by, where it has moved its case to a newer one since.
alter table application_cases add column contract text;
alter table application_cases add column moved_at timestamptz;
