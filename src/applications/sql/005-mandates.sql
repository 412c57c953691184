-- For whom a person applies, where that is not herself: the mandate as a register of her state had it when she began.
alter table drafts add column mandate jsonb;
