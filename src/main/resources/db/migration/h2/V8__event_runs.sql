-- Events that follow the row's own without a gap, one a line: microseconds since 1970, type, whether
-- it is terminal, data; parted by tabs. A short task's log is one row, not six.
alter table event add column following varchar(1048576);
