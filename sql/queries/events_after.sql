-- Public events by id, for the export.
-- $1: the last id before the page · $2: limit
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from public_events
where id > $1
order by id
limit $2
