-- Events that are not over, in the order they start, for whoever asks without a wish: those under way by their span, those
-- to come by their start.
-- $1, $2: start and id of the event before the page · $3: how many · $4: how many to skip · $5: the present moment
-- `offset 0`: those under way, and what orders them, are read from the index of spans alone, whatever the planner thinks.
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    (
        select
            id, uid, title, description, under_way.starts_at, ends_at, timezone, location, city, state, attendance, status,
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
            ) as under_way
            where (starts_at, id) > ($1, $2)
            order by starts_at, id
            limit $3::bigint + $4::bigint
        ) as under_way
        join events using (id)
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
