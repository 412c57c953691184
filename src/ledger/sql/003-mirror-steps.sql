-- A mirror grows in steps: leaves up to `staged` are here and not yet held against a signed root, that of the checkpoint `aim`. Nothing
-- beyond `size` counts before.
alter table ledger_mirror add column staged bigint not null default 0;
alter table ledger_mirror add column aim text not null default '';
update ledger_mirror set staged = size;

-- How many witnesses had cosigned a checkpoint as it was served: the one that most had seen is the one to keep.
alter table ledger_mirror_head add column witnessed integer not null default 0;
