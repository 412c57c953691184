-- People who are on their way to the state's eID and back: what must come back with them, each for one browser and one return.
create table identity_eid_requests (
  state_digest text primary key,
  browser text not null,
  nonce text not null,
  verifier text not null,
  back text,
  expires_at timestamptz not null
);
create index identity_eid_requests_expiry on identity_eid_requests (expires_at);
