-- What runs of tasks have finished, so that the next run goes on from there. Removed with the end of
-- the task.

-- After the last top-level pass that was over. state is of this engine version only.
create table checkpoint (
    task           uuid primary key references task (id) on delete cascade,
    passes         integer      not null,
    engine_version varchar(64)  not null,
    state          blob         not null
);

-- Finished blocks by what they were computed from: SHA-256 of function, version and argument.
create table block_result (
    task        uuid        not null references task (id) on delete cascade,
    content_key varchar(64) not null,
    result      varbinary(1048576) not null,
    primary key (task, content_key)
);
