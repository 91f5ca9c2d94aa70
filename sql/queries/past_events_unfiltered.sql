-- Events that are over, the latest start first, for whoever asks without a wish.
-- $1, $2: start and id of the event before the page · $3: how many · $4: how many to skip · $5: the present moment
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from events
where deleted_at is null
    and hidden_at is null
    and (starts_at, id) < (least($1, $5::timestamptz), case when $5 < $1 then 0 else $2::bigint end)
    and coalesce(ends_at, starts_at) < $5
order by starts_at desc, id desc
limit $3 offset $4
