-- Events that are not over, in the order they start, for whoever asks without a wish: the few under way by their span, the
-- many to come by their start.
-- $1, $2: start and id of the event before the page · $3: how many · $4: how many to skip · $5: the present moment
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at
        from events
        where deleted_at is null
            and hidden_at is null
            and ends_at is not null
            and tstzrange(starts_at, ends_at, '[]') @> $5::timestamptz
            and starts_at < $5
            and (starts_at, id) > ($1, $2)
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at
        from events
        where deleted_at is null
            and hidden_at is null
            and (starts_at, id) > (greatest($1, $5::timestamptz), case when $5 > $1 then 0 else $2::bigint end)
        order by starts_at, id
        limit $3::bigint + $4::bigint
    )
) as coming
order by starts_at, id
limit $3 offset $4
