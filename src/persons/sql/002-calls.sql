-- What a use was recorded for, where it could come twice: one call is one use of one person's data.
alter table access_entries add column cause text;
create unique index access_entries_cause on access_entries (person, cause) where cause is not null;

-- A use that an agreement lets an authority keep back until a day. Null: she sees it at once.
alter table access_entries add column withheld_until timestamptz;
