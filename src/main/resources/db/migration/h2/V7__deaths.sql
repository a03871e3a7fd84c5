-- Processes that ended while they executed the task, and those of them in which it was alone.
alter table task add column deaths integer default 0 not null;
alter table task add column deaths_alone integer default 0 not null;
-- Missing for a start of the service that did not end in an orderly way.
alter table epoch add column ended_at timestamp(6) with time zone;
