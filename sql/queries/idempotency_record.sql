-- Does not return the key of a deleted event.
-- $1: hash of the idempotency key · $2: keys stored at this time or earlier have expired
select idempotency_keys.body_hash, idempotency_keys.event_id, idempotency_keys.sealed_token
from idempotency_keys
    join events on events.id = idempotency_keys.event_id
where idempotency_keys.key_hash = $1
    and idempotency_keys.created_at > $2
    and events.deleted_at is null
