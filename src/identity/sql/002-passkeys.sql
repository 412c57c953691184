-- Passkeys (WebAuthn) of accounts: the public half of each. What signs somebody in never leaves her authenticator.
create table identity_passkeys (
  id uuid primary key,
  credential text not null unique,
  account text not null,
  name text not null,
  public_key bytea not null,
  -- Signatures as the authenticator counts them; those that are synced between devices count none.
  counter bigint not null,
  synced boolean not null,
  -- How sure the state was of her when the passkey was bound to her account.
  proofing text not null check (proofing in ('low', 'substantial', 'high')),
  -- Bound under a charter marked demo: worth nothing under another.
  demo boolean not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index identity_passkeys_account on identity_passkeys (account);

-- Challenges that a browser was given and has not answered yet: each for one purpose, one browser and one answer.
create table identity_challenges (
  challenge text primary key,
  purpose text not null check (purpose in ('bind', 'sign-in')),
  browser text not null,
  expires_at timestamptz not null
);
create index identity_challenges_expiry on identity_challenges (expires_at);
