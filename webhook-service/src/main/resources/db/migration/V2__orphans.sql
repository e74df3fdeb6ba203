-- When the session of a failed delivery, which has no use any more, is to be ended; null when it is, or when none was started.
alter table webhook.deliveries add column orphan_due_at timestamptz;

create index orphaned_deliveries on webhook.deliveries (orphan_due_at) where orphan_due_at is not null;
