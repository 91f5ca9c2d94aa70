-- Each number comes from an index scan: ongoing events by time span, other events by start, hidden ones by the time of hiding.
-- $1: the current time
select
    published_upcoming - hidden_upcoming as upcoming,
    (published - published_upcoming) - (hidden - hidden_upcoming) as past,
    hidden,
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
        ) as published_upcoming,
        (select count(*) from events where deleted_at is null and hidden_at is not null) as hidden,
        (
            select count(*)
            from events
            where deleted_at is null
                and hidden_at is not null
                and coalesce(ends_at, starts_at) >= $1
        ) as hidden_upcoming,
        (select count(*) from events where deleted_at is not null) as deleted
) as counted
