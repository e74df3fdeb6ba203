-- Who owns a session and where it ran, told by the gateway; outlives the session as long as something refers to it.
create table trigger.sessions (
  session_id text primary key,
  user_id text not null,
  runner_id text,
  cwd text not null,
  session_name text,
  epoch bigint not null,
  registered_at timestamptz not null,
  ended_at timestamptz
);

create index sessions_to_forget on trigger.sessions (ended_at) where ended_at is not null;

-- A session that wants to hear of a type. Params, filters are JSON as the runner and clients get it.
create table trigger.subscriptions (
  subscription_id text primary key,
  position bigint generated always as identity,
  user_id text not null,
  session_id text not null,
  runner_id text not null,
  trigger_type text not null,
  params text,
  filters text,
  filter_mode text,
  -- Only routes of the newer interface say how to deliver.
  deliver_as text,
  created_at timestamptz not null
);

create index subscriptions_of_session on trigger.subscriptions (session_id, position);
create index subscriptions_of_runner on trigger.subscriptions (runner_id, trigger_type, position);
create index subscriptions_of_user on trigger.subscriptions (user_id, trigger_type, position);

-- What makes the relay start a session whenever the runner's services say the type.
create table trigger.listeners (
  listener_id text primary key,
  user_id text not null,
  runner_id text not null,
  trigger_type text not null,
  prompt text,
  cwd text,
  model text,
  params text,
  auto_close boolean,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index listeners_of_runner on trigger.listeners (runner_id, trigger_type, created_at desc);
create index listeners_of_user on trigger.listeners (user_id, trigger_type);

-- Changes on their way to Kafka, in the order in which they were made.
create table trigger.pending_changes (
  id bigint generated always as identity primary key,
  runner_id text not null,
  change text not null
);

create table trigger.history (
  position bigint generated always as identity primary key,
  session_id text not null,
  trigger_id text not null,
  -- The entry as clients see it, less what is in the other columns.
  entry text not null,
  -- queued, delivered, failed, or unknown when no answer came in time
  state text not null,
  reason text,
  response text,
  -- Who would be asking for the same thing again.
  fingerprint text,
  at timestamptz not null
);

create index history_of_session on trigger.history (session_id, position desc);
create index history_by_trigger on trigger.history (session_id, trigger_id);
create index history_to_forget on trigger.history (at);
create index history_unsettled on trigger.history (session_id, fingerprint) where state in ('queued', 'unknown');

-- Events of the newer interface, kept so that the same fire is delivered once.
create table trigger.events (
  event_id text primary key,
  user_id text not null,
  fire_key text,
  type text not null,
  event text not null,
  created_at timestamptz not null,
  unique (user_id, fire_key)
);

create index events_to_forget on trigger.events (created_at);

create table trigger.deliveries (
  delivery_id text primary key,
  event_id text not null references trigger.events on delete cascade,
  position integer not null,
  user_id text not null,
  -- Where it goes: a session, or a listener that starts one.
  session_id text,
  listener_id text,
  deliver_as text not null,
  state text not null,
  reason text,
  -- Counts the attempts that came to a known end.
  attempt integer not null,
  at timestamptz not null,
  -- Who waits for the answer, and for which trigger id of its own.
  reply_session_id text,
  reply_trigger_id text,
  reply_until timestamptz,
  response text
);

create index deliveries_of_event on trigger.deliveries (event_id, position);
