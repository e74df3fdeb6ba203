create table push.vapid_keys (
  -- one row at most, whoever comes first
  only_one boolean primary key default true check (only_one),
  public_key text not null,
  private_key text not null,
  created_at timestamptz not null
);

create table push.subscriptions (
  id uuid primary key,
  user_id text not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  enabled_events text not null,
  suppress_child_notifications boolean not null default false,
  created_at timestamptz not null,
  -- the relay's key that the browser subscribed with
  vapid_public_key text not null,
  -- since when every attempt has failed
  failing_since timestamptz,
  unique (user_id, endpoint)
);

create table push.native_registrations (
  user_id text primary key,
  topic text not null unique,
  suppress_child_notifications boolean not null default true,
  created_at timestamptz not null
);

-- One row for each notification to each device, and one where there was none to tell.
create table push.deliveries (
  id uuid primary key,
  notice_id text not null,
  user_id text not null,
  session_id text not null,
  event_type text not null,
  channel text not null,
  -- the subscription's id, the native topic, or empty
  target text not null default '',
  -- present until the end is known
  payload text,
  state text not null,
  reason text,
  provider_status integer,
  attempts integer not null default 0,
  created_at timestamptz not null,
  due_at timestamptz,
  expires_at timestamptz not null,
  finished_at timestamptz,
  unique (notice_id, channel, target)
);

create index deliveries_due on push.deliveries (due_at) where state = 'pending';
create index deliveries_of_user on push.deliveries (user_id, created_at desc, id desc);
create index deliveries_to_forget on push.deliveries (finished_at) where state <> 'pending';
