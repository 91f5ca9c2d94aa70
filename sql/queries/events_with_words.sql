-- Events in whose words these patterns are, in no order.
-- $1: the patterns, the longest first · $2, $3: the span of time they start in · $4: how many at most
select id, starts_at, ends_at, created_at
from events_with_words($1, $2, $3, $4)
