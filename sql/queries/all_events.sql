-- Events of any time, in the order they start: those under way when the range begins by their span, the others by their
-- start.
-- $1: the patterns of a search, all wanted · $2: names of technologies, all wanted
-- $3: ways to meet, any of which will do, or none · $4: city, or null · $5: state, or null
-- $6, $7: the range an event overlaps, or nulls
-- $8, $9: start and id of the event before the page · $10: how many · $11: how many to skip
-- $12: at how many events to look for the search, the technologies and the ways to meet
-- `offset 0`: those under way are found by their span, whatever the planner thinks of their place.
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
        from (
            select
                id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
                organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
            from events
            where deleted_at is null
                and hidden_at is null
                and ends_at is not null
                and tstzrange(starts_at, ends_at, '[]') @> $6::timestamptz
                and starts_at < $6
                and ends_at > $6
                and ($7::timestamptz is null or starts_at < $7)
            offset 0
        ) as under_way
        where ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
        from events
        where deleted_at is null
            and hidden_at is null
            and (starts_at, id) > (greatest($8, $6), case when $6 > $8 then 0 else $9::bigint end)
            and ($7::timestamptz is null or starts_at < $7)
            and ($4::text is null or name_key(city) = name_key($4))
            and ($5::text is null or name_key(state) = name_key($5))
        order by starts_at, id
        limit $12
    )
) as looked_at
where (starts_at, id) > ($8, $9)
    and search_document like all ($1::text[])
    and ($2::text[] = '{}' or technology_keys @> (select name_keys($2)))
    and ($3::text[] = '{}' or attendance = any ($3))
order by starts_at, id
limit $10 offset $11
