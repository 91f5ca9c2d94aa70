-- What events that start within a range are about, and where they are: each technology and each state as most of them write
-- it, and how many they are, the most frequent first. Spellings are counted first and folded then: they are few.
-- $1, $2: the range · $3: how many of each kind
with coming as (
    select technologies, technology_keys, state
    from events
    where deleted_at is null
        and hidden_at is null
        and starts_at >= $1
        and starts_at < $2
),
spellings as (
    select 'technology' as kind, key, name, count(*) as events
    from coming
    cross join lateral unnest(technology_keys, technologies) as named (key, name)
    group by key, name
    union all
    select 'state', name_key(state), state, count(*)
    from coming
    where state is not null
    group by state
),
names as (
    select
        kind, key,
        (array_agg(name order by events desc, name))[1] as name,
        sum(events)::bigint as events,
        row_number() over (partition by kind order by sum(events) desc, key) as place
    from spellings
    group by kind, key
)
select kind, name, events
from names
where place <= $3
order by kind, place
