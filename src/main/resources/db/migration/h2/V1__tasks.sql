-- Compilation tasks and everything that belongs to one. A PostgreSQL variant lies beside this folder
-- when there is one; blob is bytea there, the rest is the same.

-- One row for each start of the service on this store.
create table epoch (
    number     bigint primary key,
    started_at timestamp(6) with time zone not null
);

-- What GET /tasks/{id} shows. finished_at is null exactly while the task is not terminal.
-- tags, progress, circuit_before, circuit_after and error are the JSON of the API.
create table task (
    id             uuid primary key,
    tenant         varchar(256)  not null,
    name           varchar(4096),
    tags           varchar(1048576) not null,
    state          varchar(16)   not null,
    level          integer       not null,
    seed           bigint        not null,
    progress       varchar(1048576),
    circuit_before varchar(1048576) not null,
    circuit_after  varchar(1048576),
    submitted_at   timestamp(6) with time zone not null,
    started_at     timestamp(6) with time zone,
    finished_at    timestamp(6) with time zone,
    deadline       timestamp(6) with time zone,
    attempt_epoch  bigint,
    attempt_number integer,
    last_event     bigint        not null,
    error          varchar(1048576)
);

-- Lists are read newest first.
create index task_by_tenant on task (tenant, id desc);
create index task_by_state on task (tenant, state, id desc);
create index task_by_name on task (tenant, name, id desc);
-- Unfinished tasks (null) by age for recovery, finished ones by their end for retention.
create index task_by_end on task (finished_at, id);

-- Texts up to 4096 characters lie in the row, longer ones packed by gzip beside it.
create table submission (
    task         uuid primary key references task (id) on delete cascade,
    options      varchar(1048576) not null,
    circuit      varchar(4096),
    circuit_gzip blob
);

create table result (
    task         uuid primary key references task (id) on delete cascade,
    report       varchar(4096),
    report_gzip  blob,
    circuit      varchar(4096),
    circuit_gzip blob
);

create table task_tag (
    tenant varchar(256)  not null,
    tag    varchar(1024) not null,
    task   uuid          not null references task (id) on delete cascade
);
create unique index task_by_tag on task_tag (tenant, tag, task desc);

create table idempotency_key (
    tenant    varchar(256)  not null,
    key_text  varchar(1024) not null,
    body_hash varchar(128)  not null,
    task      uuid          not null references task (id) on delete cascade,
    primary key (tenant, key_text)
);

-- data is null for a result event: it is put together from the result.
create table event (
    task     uuid     not null references task (id) on delete cascade,
    number   bigint   not null,
    time     timestamp(6) with time zone not null,
    type     varchar(16) not null,
    terminal boolean  not null,
    data     varchar(1048576),
    primary key (task, number)
);

-- Tasks removed after their retention, remembered for a while so that their ids answer 410.
create table expired_task (
    task       uuid primary key,
    tenant     varchar(256) not null,
    expired_at timestamp(6) with time zone not null
);
create index expired_task_by_age on expired_task (expired_at);
