-- When a task gets its turn, and the labels of the workers it may run on (JSON).
alter table task add column priority integer default 5 not null;
alter table task add column requires varchar(4096) default '[]' not null;
