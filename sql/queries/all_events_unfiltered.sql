-- Public events, by start.
-- $1, $2: start and id of the event before the page · $3: limit · $4: offset
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from public_events
where (starts_at, id) > ($1, $2)
order by starts_at, id
limit $3 offset $4
