-- Whether a decided case waits for officers again: a correction was asked for (`asked`), or waits for another officer (`proposed`).
alter table cases add column correction text;
create index cases_correction on cases (agency, due_at) where correction is not null;
-- A notice may say anew what an earlier one of its stage said wrongly.
alter table case_notices add column corrects boolean not null default false;
