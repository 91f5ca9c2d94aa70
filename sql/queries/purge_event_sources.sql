-- $1: sources stored before this time are deleted
delete from event_sources
where created_at < $1
