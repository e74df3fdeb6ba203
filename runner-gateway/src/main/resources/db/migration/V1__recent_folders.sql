CREATE TABLE recent_folder (
  user_id      text        NOT NULL,
  runner_id    text        NOT NULL,
  path         text        NOT NULL,
  usage_count  bigint      NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, runner_id, path)
);

CREATE INDEX recent_folder_by_use ON recent_folder (user_id, runner_id, usage_count DESC, last_used_at DESC);
