-- Each part counted from an index: events under way by their span, all others by their start.
-- $1: the present moment
select
    upcoming,
    published - upcoming as past,
    deleted
from (
    select
        (select count(*) from events where deleted_at is null) as published,
        (
            (select count(*) from events where deleted_at is null and starts_at >= $1)
            + (
                select count(*)
                from events
                where deleted_at is null
                    and ends_at is not null
                    and tstzrange(starts_at, ends_at, '[]') @> $1::timestamptz
                    and starts_at < $1
            )
        ) as upcoming,
        (select count(*) from events where deleted_at is not null) as deleted
) as counted
