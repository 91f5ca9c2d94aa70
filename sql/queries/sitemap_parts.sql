-- The parts of the sitemap that have something to tell, by number.
-- $1: how many ids a part spans
select part.number
from generate_series(1::bigint, (select coalesce(max(id), 0) from events) / $1 + 1) as part (number)
where exists (
    select
    from events
    where id > (part.number - 1) * $1
        and id <= part.number * $1
        and deleted_at is null
        and hidden_at is null
)
order by part.number
