-- Somebody acts for the person of a draft by a mandate that she gave: who it is, and the mandate. What was sent stays the person's own.
alter table drafts add column acting text;
alter table drafts add column given jsonb;
create index drafts_acting on drafts (acting) where acting is not null;
alter table applications add column acting text;
create index applications_acting on applications (acting, filed_at desc) where acting is not null;
