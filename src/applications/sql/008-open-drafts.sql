-- A person's open drafts are those in which she acts, for herself or for another.
create index drafts_open on drafts ((coalesce(acting, person)), created desc) where not submitted;
