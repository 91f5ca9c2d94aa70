-- $1: events marked as deleted before this time are deleted permanently
delete from events
where deleted_at < $1
