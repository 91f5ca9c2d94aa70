-- The events published last for the operator, hidden or not.
-- $1: upper bound of the id, exclusive · $2: the only source, or null for all · $3: whether to list only hidden events
-- $4: limit
select
    events.id, events.uid, events.title, events.description, events.starts_at, events.ends_at,
    events.timezone, events.location, events.city, events.state, events.attendance, events.status, events.url,
    events.organizer, events.technologies, events.version, events.hidden_at, events.created_at, events.updated_at,
    event_sources.source
from events
left join event_sources on event_sources.event_id = events.id
where events.deleted_at is null
    and events.id < $1
    and ($2::text is null or event_sources.source = $2)
    and (not $3 or events.hidden_at is not null)
order by events.id desc
limit $4
