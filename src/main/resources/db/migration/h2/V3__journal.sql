-- Position of the last record of the journal that is in these tables; written with the records.
create table journal (
    applied bigint not null
);
insert into journal (applied) values (0);
