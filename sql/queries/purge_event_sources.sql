-- $1: sources stored before this time are removed
delete from event_sources
where created_at < $1
