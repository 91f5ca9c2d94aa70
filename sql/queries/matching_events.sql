-- Of these events those that suit, in no order.
-- $1: their ids · $2: the patterns of a search, all wanted · $3: names of technologies, all wanted
-- $4: ways to meet, any of which will do, or none · $5: city, or null · $6: state, or null
-- `offset 0`: they are looked up by their ids, whatever the planner thinks of their place.
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    select
        id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
        organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
    from events
    where id = any ($1::bigint[])
        and deleted_at is null
        and hidden_at is null
    offset 0
) as found
where search_document like all ($2::text[])
    and ($3::text[] = '{}' or technology_keys @> (select name_keys($3)))
    and ($4::text[] = '{}' or attendance = any ($4))
    and ($5::text is null or name_key(city) = (select name_key($5)))
    and ($6::text is null or name_key(state) = (select name_key($6)))
