-- What was fired at a listener or at many, as long as its caller has not been told what became of it.
create table trigger.unfinished_fires (
  trigger_id text primary key,
  -- The same for a request that is repeated.
  fingerprint text not null,
  -- Counts the attempts that came to an end, if to no known one.
  attempt integer not null,
  -- Which process is at it; none after an attempt that came to an end.
  replica text,
  at timestamptz not null
);

create index unfinished_fires_to_repeat on trigger.unfinished_fires (fingerprint, at);
create index unfinished_fires_to_forget on trigger.unfinished_fires (at);

-- Sessions that were asked for and have not got the trigger that they are for.
create table trigger.expectant_sessions (
  session_id text primary key,
  user_id text not null,
  runner_id text not null,
  -- Which process is to hand it over; none when the session is to end.
  replica text,
  at timestamptz not null
);

-- Counts the attempts at handing the answer over that came to a known end.
alter table trigger.deliveries add column reply_attempt integer not null default 0;
