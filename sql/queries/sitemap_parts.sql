-- The parts of the sitemap that have something to tell, by number: from each to the one of the next event.
-- $1: how many ids a part spans
with recursive part (number) as (
    select (min(id) - 1) / $1 + 1
    from events
    where deleted_at is null
        and hidden_at is null
    union all
    select (
        select (min(id) - 1) / $1 + 1
        from events
        where id > part.number * $1
            and deleted_at is null
            and hidden_at is null
    )
    from part
    where part.number is not null
)
select number
from part
where number is not null
order by number
