-- After a restore from an old backup: from which moment on each peer is asked for what was exchanged with it, and whether it has answered.
create table exchange_recovery (
  peer            text        primary key,
  since           timestamptz not null,
  done_at         timestamptz
);
