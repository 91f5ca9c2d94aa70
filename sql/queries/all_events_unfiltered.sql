-- Events of any time, in the order they start, for whoever asks without a wish.
-- $1, $2: start and id of the event before the page · $3: how many · $4: how many to skip
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from events
where deleted_at is null
    and hidden_at is null
    and (starts_at, id) > ($1, $2)
order by starts_at, id
limit $3 offset $4
