-- Metadata newer than the snapshot, from when the session ended.
alter table session.snapshots add column overlay bytea;
