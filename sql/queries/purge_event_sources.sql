-- $1: from where events came before this moment is forgotten
delete from event_sources
where created_at < $1
