-- One row for each running process; its name is never used again.
create table trigger.replicas (
  replica text primary key,
  seen_at timestamptz not null
);

-- Which of them took on the delivery.
alter table trigger.history add column replica text;
