-- Notifies every listening replica that events have changed. Runs in its own transaction, after the one that changed them: a
-- transaction with a notification holds a database-wide lock until it has committed.
select pg_notify('events_changed', '')
