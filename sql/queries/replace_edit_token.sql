-- $1: hash of the edit token · $2: hash of its replacement · $3: the current time
-- $4: the required version, or null for any
update edit_tokens
set
    token_hash = $2,
    created_at = $3
from events
where edit_tokens.token_hash = $1
    and edit_tokens.event_id = events.id
    and events.deleted_at is null
    and ($4::bigint is null or events.version = $4)
returning
    events.id, events.uid, events.title, events.description, events.starts_at, events.ends_at,
    events.timezone, events.location, events.city, events.state, events.attendance, events.status, events.url,
    events.organizer, events.technologies, events.version, events.hidden_at, events.created_at, events.updated_at
