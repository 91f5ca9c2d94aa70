-- Which events may have these words, in no order: all that have them, and beside the longest, which is looked for as it is,
-- some that have only the beginnings of the others. The index goes through a list for every three letters of a word, so that
-- whole words cost it twice as much as six letters of each, which find nearly the same; a phrase has no beginning that says
-- as much. Each is a literal of the statement, since only then is it planned for them; what is asked twice is asked once.
create or replace function events_with_words(
    patterns text[], starting timestamptz, before timestamptz, most bigint
)
returns table (id bigint, starts_at timestamptz, ends_at timestamptz, created_at timestamptz)
language plpgsql stable strict
set enable_seqscan = off
set enable_indexscan = off
set work_mem = '32MB'
set jit = off
as $$
declare
    has_words text := (
        select string_agg(distinct format('search_document like %L', wanted), ' and ')
        from unnest(patterns[:4]) with ordinality as words(pattern, place),
            lateral (
                select
                    case
                        when place = 1 or cardinality(patterns) < 3 or length(pattern) < 9 or pattern like '\% %'
                            then pattern
                        else left(pattern, 7) || '%'
                    end as wanted
            ) as cut
    );
begin
    return query execute
        'select id, starts_at, ends_at, created_at from events where deleted_at is null and ' || has_words
        || ' and starts_at >= $1 and starts_at < $2 limit $3'
        using starting, before, most;
end
$$;
