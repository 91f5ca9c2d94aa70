-- $1: events deleted before this moment go for good
delete from events
where deleted_at < $1
