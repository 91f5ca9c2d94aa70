-- $1: hash of the edit token · $2: the current time · $3: the required version, or null for any · $4 to $16: the draft
update events
set
    title = $4,
    description = $5,
    starts_at = $6,
    ends_at = $7,
    timezone = $8,
    location = $9,
    city = $10,
    state = $11,
    attendance = $12,
    status = $13,
    url = $14,
    organizer = $15,
    technologies = $16,
    version = version + 1,
    updated_at = $2
from edit_tokens
where edit_tokens.token_hash = $1
    and edit_tokens.event_id = events.id
    and events.deleted_at is null
    and ($3::bigint is null or events.version = $3)
returning
    events.id, events.uid, events.title, events.description, events.starts_at, events.ends_at,
    events.timezone, events.location, events.city, events.state, events.attendance, events.status, events.url,
    events.organizer, events.technologies, events.version, events.hidden_at, events.created_at, events.updated_at
