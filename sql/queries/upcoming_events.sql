-- Events that are not over, in the order they start: the few under way by their span, the many to come by their start.
-- $1: the rarest pattern of a search, or null · $2: its other patterns · $3: names of technologies, all wanted
-- $4: city, or null · $5: state, or null · $6, $7: the range an event overlaps, or nulls (no event is longer than 366 days)
-- $8, $9: start and id of the event before the page · $10: how many · $11: how many to skip
-- $12: ways to meet, any of which will do, or none
-- $13: the present moment
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
            and tstzrange(starts_at, ends_at, '[]') @> $13::timestamptz
            and starts_at < $13
            and ($1::text is null or search_document like $1)
            and search_document like all ($2::text[])
            and ($3::text[] = '{}' or technology_keys @> name_keys($3))
            and ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
            and ($12::text[] = '{}' or attendance = any ($12))
            and ($6::timestamptz is null or starts_at >= $6 - interval '8784 hours' and (starts_at >= $6 or ends_at > $6))
            and ($7::timestamptz is null or starts_at < $7)
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at
        from events
        where deleted_at is null
            and hidden_at is null
            and starts_at >= $13
            and ($1::text is null or search_document like $1)
            and search_document like all ($2::text[])
            and ($3::text[] = '{}' or technology_keys @> name_keys($3))
            and ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
            and ($12::text[] = '{}' or attendance = any ($12))
            and ($6::timestamptz is null or starts_at >= $6 - interval '8784 hours' and (starts_at >= $6 or ends_at > $6))
            and ($7::timestamptz is null or starts_at < $7)
            and (starts_at, id) > ($8, $9)
        order by starts_at, id
        limit $10::bigint + $11::bigint
    )
) as upcoming
where (starts_at, id) > ($8, $9)
order by starts_at, id
limit $10 offset $11
