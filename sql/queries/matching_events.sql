-- Public events with these ids that match a filter, in no order. `offset 0` makes the planner look them up by id.
-- $1: ids · $2: patterns of a search, all required · $3: names of technologies, all required
-- $4: attendance, any of these, or empty for all · $5: city, or null · $6: state, or null
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from (
    select
        id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
        organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
    from public_events
    where id = any ($1::bigint[])
    offset 0
) as event
where search_document like all ($2::text[])
    and ($3::text[] = '{}' or technology_keys @> (select name_keys($3)))
    and ($4::text[] = '{}' or attendance = any ($4))
    and ($5::text is null or name_key(city) = (select name_key($5)))
    and ($6::text is null or name_key(state) = (select name_key($6)))
