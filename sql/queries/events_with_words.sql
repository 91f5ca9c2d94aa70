-- Events that may match these patterns, in no order: all that match, and some others.
-- $1: patterns, the longest first · $2, $3: range of the start · $4: limit
select
    coalesce(array_agg(id), '{}') as ids,
    coalesce(array_agg(starts_at), '{}') as starts,
    coalesce(array_agg(coalesce(ends_at, starts_at)), '{}') as ends,
    coalesce(array_agg(created_at), '{}') as publications
from events_with_words($1, $2, $3, $4)
