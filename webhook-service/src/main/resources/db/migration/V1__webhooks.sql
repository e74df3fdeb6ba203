create table webhook.webhooks (
  id text primary key,
  user_id text not null,
  name text not null,
  source text not null,
  -- Sealed, as are the two other secrets.
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  -- The one that the sender made up, for senders that do.
  sender_secret bytea,
  signature_scheme text,
  -- A JSON array of strings.
  event_filter text,
  runner_id text,
  cwd text,
  prompt text,
  model_provider text,
  model_id text,
  when_offline text not null,
  enabled boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index webhooks_of_user on webhook.webhooks (user_id, created_at desc);
create index webhooks_of_runner on webhook.webhooks (runner_id);

-- The ledger: one row for each request that was let in.
create table webhook.deliveries (
  id text primary key,
  -- The order in which deliveries were taken in.
  seq bigint generated always as identity unique,
  webhook_id text not null references webhook.webhooks on delete cascade,
  sender_id text,
  address text not null,
  user_agent text,
  verified_by text not null,
  event_type text not null,
  replay_of text,
  body_bytes integer not null,
  state text not null,
  received_at timestamptz not null,
  queued_at timestamptz,
  started_at timestamptz,
  spawned_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz,
  -- Whoever works on a delivery has it until then; after that anybody may go on.
  claimed_until timestamptz not null,
  -- Counts how often runners were asked in vain; a command's id carries it.
  attempt integer not null default 0,
  session_id text not null,
  trigger_id text not null,
  last_error text,
  answer_status integer,
  answer_body text
);

create index deliveries_of_webhook on webhook.deliveries (webhook_id, seq desc);
create index open_deliveries on webhook.deliveries (webhook_id, seq) where finished_at is null;
create index unclaimed_deliveries on webhook.deliveries (claimed_until) where finished_at is null;
create index deliveries_by_age on webhook.deliveries (received_at);

-- What was sent, byte for byte, for as long as it may be fired again.
create table webhook.bodies (
  delivery_id text primary key references webhook.deliveries on delete cascade,
  received_at timestamptz not null,
  body bytea not null
);

create index bodies_by_age on webhook.bodies (received_at);

-- Which delivery a sender's own id stands for.
create table webhook.sender_ids (
  webhook_id text not null references webhook.webhooks on delete cascade,
  sender_id text not null,
  -- Claimed before the delivery is written, so that a repetition writes nothing.
  delivery_id text not null references webhook.deliveries on delete cascade
    deferrable initially deferred,
  expires_at timestamptz not null,
  primary key (webhook_id, sender_id)
);

create index sender_ids_by_expiry on webhook.sender_ids (expires_at);
create index sender_ids_of_delivery on webhook.sender_ids (delivery_id);
