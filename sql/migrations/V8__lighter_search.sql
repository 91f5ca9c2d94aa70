-- Which events may have these words, in no order: all that have them, and where there are three words or more, some that
-- have only their beginnings. The index goes through a list for every three letters of a word, so that whole words cost
-- it twice as much as six letters of each, which find nearly the same. No word is compared twice with an event, and the
-- plan is made for these very words.
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
    whole_length constant int := 7;
    has_words text := (
        select string_agg(
            format(
                'search_document like %L',
                case
                    when cardinality(patterns) >= 3 and length(pattern) > whole_length
                        then left(pattern, whole_length) || '%'
                    else pattern
                end
            ),
            ' and '
        )
        from unnest(patterns[:4]) as pattern
    );
begin
    return query execute
        'select id, starts_at, ends_at, created_at from events where deleted_at is null and ' || has_words
        || ' and starts_at >= $1 and starts_at < $2 limit $3'
        using starting, before, most;
end
$$;
