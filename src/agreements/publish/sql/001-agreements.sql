-- Published versions of agreements, each whole and sealed as it came. Rows are only ever added: a case, a draft or a decided document may be
-- pinned to any of them.
create table agreement_editions (
  digest    text        primary key,
  -- the order in which this node took them: of several with one contract the first is the one that all others are held against
  place     bigserial   not null,
  agreement text        not null,
  contract  text        not null,
  -- the state whose agency published it
  state     text        not null,
  issued    timestamptz not null,
  sealed    bytea       not null,
  taken_at  timestamptz not null
);
create index agreement_editions_of_state on agreement_editions (state, taken_at);

-- What one person has prepared and signed, and a second has not approved yet. It is no fact of any kind before that.
create table agreement_prepared (
  id          text        primary key,
  kind        text        not null check (kind in ('edition', 'ratification')),
  agreement   text        not null,
  sealed      bytea       not null,
  prepared_by text        not null,
  prepared_at timestamptz not null
);
