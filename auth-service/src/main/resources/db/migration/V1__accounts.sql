CREATE TABLE account (
  id             text PRIMARY KEY,
  email          text        NOT NULL UNIQUE,
  name           text        NOT NULL,
  image          text,
  password_hash  text        NOT NULL,
  email_verified boolean     NOT NULL,
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL
);

CREATE TABLE login_session (
  id         text PRIMARY KEY,
  token_hash text        NOT NULL UNIQUE,
  account_id text        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  remembered boolean     NOT NULL,
  expires_at timestamptz NOT NULL,
  ip_address text        NOT NULL,
  user_agent text        NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX login_session_account ON login_session (account_id);
CREATE INDEX login_session_expiry ON login_session (expires_at);

CREATE TABLE api_key (
  id                     text PRIMARY KEY,
  key_hash               text        NOT NULL UNIQUE,
  account_id             text        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name                   text,
  start                  text        NOT NULL,
  prefix                 text,
  enabled                boolean     NOT NULL,
  rate_limit_time_window bigint,
  rate_limit_max         bigint,
  last_request           timestamptz,
  expires_at             timestamptz,
  created_at             timestamptz NOT NULL,
  updated_at             timestamptz NOT NULL
);
CREATE INDEX api_key_account ON api_key (account_id);
CREATE INDEX api_key_expiry ON api_key (expires_at) WHERE expires_at IS NOT NULL;

-- Identities are signed with these. The private part is encrypted with a key derived from the service's secret.
CREATE TABLE signing_key (
  id          text PRIMARY KEY,
  public_jwk  text        NOT NULL,
  private_jwk bytea       NOT NULL,
  created_at  timestamptz NOT NULL
);

-- Revocations that Kafka has not taken yet.
CREATE TABLE pending_revocation (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id      text        NOT NULL,
  credential_hash text,
  at              timestamptz NOT NULL
);
