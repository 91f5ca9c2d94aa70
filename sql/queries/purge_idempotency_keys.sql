-- $1: keys stored at this time or earlier are deleted, and those of deleted events
-- $2: hash of the only key to delete, or null
delete from idempotency_keys
where ($2::bytea is null or key_hash = $2)
    and (created_at <= $1 or event_id in (select id from events where deleted_at is not null))
