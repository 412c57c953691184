-- How many uses another state has told, by day (UTC) and agency: what `access_stated` is held against on every person's page, without
-- counting all entries there are.
create table access_told (
  state text not null,
  day date not null,
  agency text not null,
  entries integer not null,
  primary key (state, day, agency)
);
insert into access_told (state, day, agency, entries)
select state, (at at time zone 'UTC')::date, content->>'agency', count(*)
from access_entries where received_at is not null group by 1, 2, 3;
