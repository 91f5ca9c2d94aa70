-- The events of one part of the sitemap, and when each was last changed.
-- $1: the id before the first · $2: the last id
select id, updated_at
from public_events
where id > $1
    and id <= $2
order by id
