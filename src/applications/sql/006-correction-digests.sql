-- What an answer to a request for a correction must name: the digest of the request as it was sealed, and of the decision that it was about.
alter table correction_requests add column request text not null default '';
alter table correction_requests add column decision text not null default '';
