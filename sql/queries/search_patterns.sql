-- The patterns that an event must match and the technologies it must have. A term that contains + or #, or begins with a dot,
-- and is the name of a technology in use finds exactly that technology. Any other term is split into words: those of three or
-- more characters match anywhere, shorter ones at the beginning of a word, and quoted ones as a phrase.
-- A term may hold many words (a-b-c): of all patterns, the 32 longest are used.
-- $1: terms as typed · $2: which of them were quoted
with term as (
    select name_key(typed) as key, btrim(fold_words(translate(typed, E'\n', ' '))) as words, quoted
    from unnest($1::text[], $2::boolean[]) as terms(typed, quoted)
),
named as (
    select distinct key
    from term
    where key ~ '[+#]|^\.'
        and exists (select from events where technology_keys @> array[key] and deleted_at is null)
),
pattern as (
    select
        case
            when quoted then '% ' || words || ' %'
            when length(word) >= 3 then '%' || word || '%'
            else '% ' || word || '%'
        end as pattern
    from term, unnest(case when quoted then array[words] else string_to_array(words, ' ') end) as word
    where key not in (select key from named)
        and words <> ''
)
select
    array(select pattern from pattern group by pattern order by length(pattern) desc, pattern limit 32) as patterns,
    array(select key from named order by key) as technologies
