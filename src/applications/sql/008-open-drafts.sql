-- A person's open drafts are those in which she acts, for herself or for another.
create index drafts_open on drafts ((coalesce(acting, person)), created desc) where not submitted;
-- The latest of everybody's, for figures.
create index drafts_newest on drafts (created desc);
