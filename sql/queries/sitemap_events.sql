-- The events of a part of the sitemap, and when each was changed last.
-- $1: the id before the first · $2: the last id
select id, updated_at
from events
where deleted_at is null
    and hidden_at is null
    and id > $1
    and id <= $2
order by id
