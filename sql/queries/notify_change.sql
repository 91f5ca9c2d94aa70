-- Tells every replica that listens that events have changed. By itself, never in the transaction that changed them: a
-- transaction with a notification in it holds a lock of the whole database until it has committed.
select pg_notify('events_changed', '')
