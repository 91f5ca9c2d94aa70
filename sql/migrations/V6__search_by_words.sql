-- Which events have these words, in no order: of all ways to find them, the one by the index of words. What the planner
-- believes of a pattern is a guess, and where it believes that many events have it, it goes through all of them. All
-- patterns are looked up in one index, which makes the few that have all of them out of the many that have one; the longest
-- four are enough for that. Where pages that have a word are remembered one by one, none is gone through in vain.
create function events_with_words(patterns text[], starting timestamptz, before timestamptz, most bigint)
returns table (id bigint, starts_at timestamptz, ends_at timestamptz, created_at timestamptz)
language plpgsql stable strict
set enable_seqscan = off
set enable_indexscan = off
set work_mem = '32MB'
set plan_cache_mode = force_custom_plan
as $$
declare
    one text := patterns[1];
    two text := coalesce(patterns[2], one);
    three text := coalesce(patterns[3], one);
    four text := coalesce(patterns[4], one);
begin
    return query
        select events.id, events.starts_at, events.ends_at, events.created_at
        from events
        where deleted_at is null
            and search_document like one
            and search_document like two
            and search_document like three
            and search_document like four
            and events.starts_at >= starting
            and events.starts_at < before
        limit most;
end
$$;
