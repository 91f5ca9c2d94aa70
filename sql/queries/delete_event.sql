-- $1: hash of the edit token · $2: the current time · $3: the required version, or null for any
update events
set
    deleted_at = $2,
    updated_at = $2,
    version = version + 1
from edit_tokens
where edit_tokens.token_hash = $1
    and edit_tokens.event_id = events.id
    and events.deleted_at is null
    and ($3::bigint is null or events.version = $3)
returning events.id
