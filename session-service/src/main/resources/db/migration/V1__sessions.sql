create table session.sessions (
  session_id text primary key,
  user_id text not null,
  cwd text not null,
  share_url text not null,
  started_at timestamptz not null,
  last_active_at timestamptz not null,
  ended_at timestamptz,
  ephemeral boolean not null,
  expires_at timestamptz,
  pinned boolean not null default false,
  session_name text,
  runner_id text,
  runner_name text,
  parent_session_id text,
  -- Which registration the row tells of, and when that was.
  epoch bigint not null,
  registered_at timestamptz not null
);

create index sessions_of_user on session.sessions (user_id, pinned desc, last_active_at desc);
create index sessions_to_sweep on session.sessions (expires_at) where not pinned;
