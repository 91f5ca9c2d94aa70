-- $1: hash of the edit token
select
    events.id, events.uid, events.title, events.description, events.starts_at, events.ends_at,
    events.timezone, events.location, events.city, events.state, events.attendance, events.status, events.url,
    events.organizer, events.technologies, events.version, events.hidden_at, events.created_at, events.updated_at
from events
join edit_tokens on edit_tokens.event_id = events.id
where edit_tokens.token_hash = $1
    and events.deleted_at is null
