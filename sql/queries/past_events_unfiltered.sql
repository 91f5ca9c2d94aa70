-- Past public events, the latest start first.
-- $1, $2: start and id of the event before the page · $3: limit · $4: offset · $5: the current time
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from public_events
where (starts_at, id) < (least($1, $5::timestamptz), case when $5 < $1 then 0 else $2::bigint end)
    and coalesce(ends_at, starts_at) < $5
order by starts_at desc, id desc
limit $3 offset $4
