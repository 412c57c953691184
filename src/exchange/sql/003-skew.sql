-- How far a peer's clock was ahead of ours when it last said its time.
alter table exchange_peer add column skew_ms integer;
