-- $1: source · $2, $3: range of the publication, the end excluded
-- $4: the time from which they are hidden, or null to make them visible again
update events
set hidden_at = $4
from event_sources
where event_sources.source = $1
    and event_sources.created_at >= $2
    and event_sources.created_at < $3
    and events.id = event_sources.event_id
    and events.deleted_at is null
    and (events.hidden_at is null) = ($4::timestamptz is not null)
