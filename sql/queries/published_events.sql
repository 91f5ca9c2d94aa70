-- Events in the order they were published, the latest first: those under way when the range begins by their span, the
-- others by their start or by their publication.
-- $1: the rarest pattern of a search, or null · $2: its other patterns · $3: names of technologies, all wanted
-- $4: city, or null · $5: state, or null · $6, $7: the range an event overlaps, or nulls
-- $8: ways to meet, any of which will do, or none
-- $9: the moment at which they are not over, or null · $10: the moment at which they are over, or null · $11: how many
-- $12: the later one of $6 and $9, or null
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
            and tstzrange(starts_at, ends_at, '[]') @> $12::timestamptz
            and starts_at < $12
            and ($6::timestamptz is null or ends_at > $6)
            and ($9::timestamptz is null or ends_at >= $9)
            and ($1::text is null or search_document like $1)
            and search_document like all ($2::text[])
            and ($3::text[] = '{}' or technology_keys @> name_keys($3))
            and ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
            and ($7::timestamptz is null or starts_at < $7)
            and ($8::text[] = '{}' or attendance = any ($8))
            and ($10::timestamptz is null or coalesce(ends_at, starts_at) < $10)
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at
        from events
        where deleted_at is null
            and hidden_at is null
            and ($12 is null or starts_at >= $12)
            and ($1::text is null or search_document like $1)
            and search_document like all ($2::text[])
            and ($3::text[] = '{}' or technology_keys @> name_keys($3))
            and ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
            and ($7::timestamptz is null or starts_at < $7)
            and ($8::text[] = '{}' or attendance = any ($8))
            and ($10::timestamptz is null or coalesce(ends_at, starts_at) < $10)
        order by created_at desc, id desc
        limit $11
    )
) as published
order by created_at desc, id desc
limit $11
