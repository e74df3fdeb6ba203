-- Sessions that their user has deleted: older news of them, told again, must not bring them back.
create table session.deleted_sessions (
  session_id text primary key,
  deleted_at timestamptz not null
);

-- The last full state of a session, as the worker sent it.
create table session.snapshots (
  session_id text primary key,
  -- Which snapshot of which registration it is; null when that was not known any more.
  version text,
  event bytea not null,
  bytes bigint not null,
  stored_at timestamptz not null
);

-- How far each session's log of events has come. It outlives the events, so that none is taken twice.
create table session.event_logs (
  session_id text primary key,
  user_id text not null,
  -- The last event taken: its registration, its number in it, and when it happened.
  epoch bigint not null,
  number bigint not null,
  at timestamptz not null,
  -- Its place in the log; and the place of the oldest event that is kept.
  position bigint not null,
  first_position bigint not null default 1,
  bytes bigint not null default 0
);

create index event_logs_by_age on session.event_logs (at);

-- A place without a row is an event that was lost or trimmed.
create table session.events (
  session_id text not null,
  position bigint not null,
  at timestamptz not null,
  event bytea not null,
  primary key (session_id, position)
);

create index events_by_age on session.events using brin (at);
