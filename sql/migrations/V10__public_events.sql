-- What the queries of public events and of lists share. PostgreSQL expands the view, and inlines the functions (each is a single
-- select in language sql, stable, not strict), so that a query has the same plan as with their text in its place. This
-- migration only adds to the schema: earlier releases run unchanged beside it. It reads no row and blocks no reader or writer.

-- Events that everyone may see: neither deleted nor hidden by the operator.
create view public_events as
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
from events
where deleted_at is null
    and hidden_at is null;

-- Each function scans a bounded part of a list. `offset 0` makes the planner find ongoing events in the index of time spans and
-- check their place afterwards; it cannot estimate how few there are. The functions read the table, not the view: conditions at
-- two levels keep the planner from seeing that a part returns no row when a parameter is null, and it would add the cost of a
-- sequential scan, enough to start JIT compilation.

-- Public events that end at `range_start` or later and start before `range_end`, each unless it is null: all that are ongoing
-- at `range_start`, and the first `scan_max` by start and id of those that start later and after (`after_start`, `after_id`).
create function scan_events(
    after_start timestamptz, after_id bigint, range_start timestamptz, range_end timestamptz, in_city text, in_state text,
    scan_max bigint
)
returns setof public_events
language sql stable parallel safe
as $$
    (
        select *
        from (
            select
                id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
                organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
            from events
            where deleted_at is null
                and hidden_at is null
                and ends_at is not null
                and tstzrange(starts_at, ends_at, '[]') @> range_start
                and starts_at < range_start
                and (range_end is null or starts_at < range_end)
            offset 0
        ) as ongoing
        where (in_city is null or name_key(city) = name_key(in_city))
            and (in_state is null or name_key(state) = name_key(in_state))
    )
    union all
    (
        select
            id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
            organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
        from events
        where deleted_at is null
            and hidden_at is null
            and (starts_at, id)
                > (greatest(after_start, range_start), case when range_start > after_start then 0 else after_id end)
            and (range_end is null or starts_at < range_end)
            and (in_city is null or name_key(city) = name_key(in_city))
            and (in_state is null or name_key(state) = name_key(in_state))
        order by starts_at, id
        limit scan_max
    )
$$;

-- Public events that ended before `now`, end after `range_start` and start before `range_end`, each unless it is null: the last
-- `scan_max` by start and id; those that start in the range only if they start before (`before_start`, `before_id`).
create function scan_past_events(
    now timestamptz, before_start timestamptz, before_id bigint, range_start timestamptz, range_end timestamptz,
    in_city text, in_state text, scan_max bigint
)
returns setof public_events
language sql stable parallel safe
as $$
    select *
    from (
        (
            select *
            from (
                select
                    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
                    organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
                from events
                where deleted_at is null
                    and hidden_at is null
                    and ends_at is not null
                    and tstzrange(starts_at, ends_at, '[]') @> range_start
                    and starts_at < range_start
                    and ends_at > range_start
                    and ends_at < now
                    and (range_end is null or starts_at < range_end)
                offset 0
            ) as ongoing
            where (in_city is null or name_key(city) = name_key(in_city))
                and (in_state is null or name_key(state) = name_key(in_state))
        )
        union all
        (
            select
                id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
                organizer, technologies, version, hidden_at, created_at, updated_at, search_document, technology_keys
            from events
            where deleted_at is null
                and hidden_at is null
                and (starts_at, id) < (
                    least(before_start, range_end, now),
                    case when least(range_end, now) <= before_start then 0 else before_id end
                )
                and coalesce(ends_at, starts_at) < now
                and (range_start is null or starts_at >= range_start)
                and (in_city is null or name_key(city) = name_key(in_city))
                and (in_state is null or name_key(state) = name_key(in_state))
            order by starts_at desc, id desc
            limit scan_max
        )
    ) as past
    order by starts_at desc, id desc
    limit scan_max
$$;
