create table session.attachments (
  attachment_id text primary key,
  session_id text not null,
  user_id text not null,
  -- Cut out of a session's messages by the relay; the id follows from user and content then.
  extracted boolean not null,
  filename text not null,
  mime_type text not null,
  size bigint not null,
  -- False until the content is in the store. Only the sweep sees such a row.
  stored boolean not null default false,
  expires_at timestamptz not null
);

create index attachments_of_session on session.attachments (session_id);
create index attachments_to_sweep on session.attachments (expires_at);

-- Which sessions show an extracted image; it is kept as long as one of them is.
create table session.image_references (
  attachment_id text not null references session.attachments on delete cascade,
  session_id text not null,
  primary key (attachment_id, session_id)
);

create index images_of_session on session.image_references (session_id);

-- Keys that the service has made for itself, the same for all its replicas.
create table session.signing_keys (
  purpose text primary key,
  key bytea not null
);
