-- Events that Kafka has not taken yet; it takes over from pending_revocation.
CREATE TABLE outbox (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic     text NOT NULL,
  event_key text NOT NULL,
  body      text NOT NULL
);
INSERT INTO outbox (topic, event_key, body)
  SELECT 'relay.credentials', account_id,
         json_build_object('userId', account_id, 'credentialHash', credential_hash,
                           'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text
  FROM pending_revocation ORDER BY id;
DROP TABLE pending_revocation;

CREATE TABLE preferences (
  account_id     text PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  hidden_models  text[] NOT NULL,
  subagent_model text
);

-- Ids and tokens are kept as hashes. The key lies sealed until it is fetched, which happens once.
CREATE TABLE setup_claim (
  token_hash text PRIMARY KEY,
  status     text        NOT NULL,
  relay_url  text        NOT NULL,
  label      text,
  sealed_key bytea,
  expires_at timestamptz NOT NULL
);
CREATE INDEX setup_claim_expiry ON setup_claim (expires_at);

CREATE TABLE mobile_link (
  id_hash            text PRIMARY KEY,
  account_id         text        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  status             text        NOT NULL,
  relay_url          text        NOT NULL,
  verification_token text,
  device_name        text,
  scanned_url        text,
  sealed_key         bytea,
  expires_at         timestamptz NOT NULL
);
CREATE INDEX mobile_link_expiry ON mobile_link (expires_at);

-- No reference to the account: the trail outlives it.
CREATE TABLE audit_record (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  action     text        NOT NULL,
  account_id text,
  subject    text        NOT NULL,
  address    text        NOT NULL,
  user_agent text        NOT NULL
);
CREATE INDEX audit_record_time ON audit_record (at);
CREATE INDEX audit_record_account ON audit_record (account_id, at);
