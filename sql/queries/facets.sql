-- The most frequent technologies and states of the events that start in a range, each in its most frequent spelling and with
-- its number of events, the most frequent first. Spellings are counted before they are normalized, because there are few.
-- $1, $2: range of the start · $3: limit for each kind
with upcoming as (
    select technologies, technology_keys, state
    from public_events
    where starts_at >= $1
        and starts_at < $2
),
spellings as (
    select 'technology' as kind, key, name, count(*) as events
    from upcoming
    cross join lateral unnest(technology_keys, technologies) as named (key, name)
    group by key, name
    union all
    select 'state', name_key(state), state, count(*)
    from upcoming
    where state is not null
    group by state
),
names as (
    select
        kind, key,
        (array_agg(name order by events desc, name))[1] as name,
        sum(events)::bigint as events,
        row_number() over (partition by kind order by sum(events) desc, key) as rank
    from spellings
    group by kind, key
)
select kind, name, events
from names
where rank <= $3
order by kind, rank
