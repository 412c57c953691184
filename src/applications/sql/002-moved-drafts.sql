-- A draft follows the contract that runs. When it last did is shown to her, since answers and evidence may have been left behind.
alter table drafts add column moved timestamptz;
create index drafts_of_agreement on drafts (agreement, created desc) where not submitted;
