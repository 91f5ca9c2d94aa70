-- Upcoming public events, by start: ongoing ones and later ones. Of the ongoing ones, only those on the page are read from the
-- table; their order comes from the index of time spans, which `offset 0` makes the planner use.
-- $1, $2: start and id of the event before the page · $3: limit · $4: offset · $5: the current time
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    (
        select
            id, uid, title, description, ongoing.starts_at, ends_at, timezone, location, city, state, attendance, status,
            url, organizer, technologies, version, hidden_at, created_at, updated_at
        from (
            select id, starts_at
            from (
                select id, starts_at
                from events
                where deleted_at is null
                    and hidden_at is null
                    and ends_at is not null
                    and tstzrange(starts_at, ends_at, '[]') @> $5::timestamptz
                    and starts_at < $5
                offset 0
            ) as ongoing
            where (starts_at, id) > ($1, $2)
            order by starts_at, id
            limit $3::bigint + $4::bigint
        ) as ongoing
        join events using (id)
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at
        from public_events
        where (starts_at, id) > (greatest($1, $5::timestamptz), case when $5 > $1 then 0 else $2::bigint end)
        order by starts_at, id
        limit $3::bigint + $4::bigint
    )
) as upcoming
order by starts_at, id
limit $3 offset $4
