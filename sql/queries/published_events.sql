-- Public events by publication, the latest first.
-- $1: patterns of a search, all required · $2: names of technologies, all required
-- $3: attendance, any of these, or empty for all · $4: city, or null · $5: state, or null
-- $6, $7: the range that an event overlaps, or nulls (no event is longer than 366 days)
-- $8: the current time, to exclude past events, or null · $9: the current time, to exclude upcoming events, or null
-- $10: limit
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from public_events
where search_document like all ($1::text[])
    and ($2::text[] = '{}' or technology_keys @> name_keys($2))
    and ($3::text[] = '{}' or attendance = any ($3))
    and ($4::text is null or name_key(city) = name_key($4))
    and ($5::text is null or name_key(state) = name_key($5))
    and ($6::timestamptz is null or starts_at >= $6 - interval '8784 hours' and (starts_at >= $6 or ends_at > $6))
    and ($7::timestamptz is null or starts_at < $7)
    and ($8::timestamptz is null or starts_at >= $8 or ends_at >= $8)
    and ($9::timestamptz is null or coalesce(ends_at, starts_at) < $9)
order by created_at desc, id desc
limit $10
