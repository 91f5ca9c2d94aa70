-- Events by id, for the export.
-- $1: the last id already told · $2: how many
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from events
where deleted_at is null
    and hidden_at is null
    and id > $1
order by id
limit $2
