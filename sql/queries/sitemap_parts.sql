-- The numbers of the parts of the sitemap that contain an event. Each step finds the part of the first event after the
-- previous part.
-- $1: number of ids that a part spans
with recursive part (number) as (
    select (min(id) - 1) / $1 + 1
    from public_events
    union all
    select (
        select (min(id) - 1) / $1 + 1
        from public_events
        where id > part.number * $1
    )
    from part
    where part.number is not null
)
select number
from part
where number is not null
order by number
