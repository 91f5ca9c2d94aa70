-- $1: events deleted before this time are removed permanently
delete from events
where deleted_at < $1
