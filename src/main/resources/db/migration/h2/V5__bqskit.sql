-- Tasks of BQSKit's wire: BQSKit's managers carry them out, and their inputs, results and log
-- records are pickles, which are kept as they came.

alter table task add column engine varchar(16) default 'QUERN' not null;

-- Null where the input is a pickle.
alter table task alter column circuit_before drop not null;

-- What BQSKit's managers are given. Pickles up to 16384 bytes lie in the row, longer ones packed by
-- gzip beside it. client_id is the id the client chose; null for tasks of the tasks API.
create table python_input (
    task          uuid primary key references task (id) on delete cascade,
    client_id     uuid,
    import_paths  varchar(1048576) not null,
    logging_level integer not null,
    logging_depth integer not null,
    pickle        varbinary(16384),
    pickle_gzip   blob
);

create table python_result (
    task        uuid primary key references task (id) on delete cascade,
    pickle      varbinary(16384),
    pickle_gzip blob
);

-- The pickled log record of a log event of such a task.
alter table event add column record varbinary(1048576);
