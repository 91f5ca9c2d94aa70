-- Events about these technologies, in no order.
-- $1: names of technologies, all required · $2, $3: range of the start · $4: limit
select
    coalesce(array_agg(id), '{}') as ids,
    coalesce(array_agg(starts_at), '{}') as starts,
    coalesce(array_agg(coalesce(ends_at, starts_at)), '{}') as ends,
    coalesce(array_agg(created_at), '{}') as publications
from (
    select id, starts_at, ends_at, created_at
    from events
    where deleted_at is null
        and technology_keys @> name_keys($1)
        and starts_at >= $2
        and starts_at < $3
    limit $4
) as found
