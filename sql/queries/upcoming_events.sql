-- Upcoming public events, by start: ongoing ones and later ones.
-- $1: patterns of a search, all required · $2: names of technologies, all required
-- $3: attendance, any of these, or empty for all · $4: city, or null · $5: state, or null
-- $6: the current time · $7: start before this time, or null
-- $8, $9: start and id of the event before the page · $10: limit · $11: offset · $12: number of events to scan
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from scan_events($8, $9, $6, $7, $4, $5, $12)
where (starts_at, id) > ($8, $9)
    and search_document like all ($1::text[])
    and ($2::text[] = '{}' or technology_keys @> (select name_keys($2)))
    and ($3::text[] = '{}' or attendance = any ($3))
order by starts_at, id
limit $10 offset $11
