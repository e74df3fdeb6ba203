-- Who takes a delivery, so that one provider's backlog is passed over when another's is due.
alter table push.deliveries add column provider text not null default '';
