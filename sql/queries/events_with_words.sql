-- Events that may have what these patterns are for, in no order: all that have it, and some others.
-- $1: the patterns, the longest first · $2, $3: the span of time they start in · $4: how many at most
select
    coalesce(array_agg(id), '{}') as ids,
    coalesce(array_agg(starts_at), '{}') as starts,
    coalesce(array_agg(coalesce(ends_at, starts_at)), '{}') as ends,
    coalesce(array_agg(created_at), '{}') as publications
from events_with_words($1, $2, $3, $4)
