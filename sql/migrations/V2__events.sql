create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- Text as it is compared: no accents, no case, compatibility forms unified. It serves both storing and asking.
-- It is declared immutable, as generated columns demand, although unaccent is only stable: its rules change with
-- PostgreSQL itself, and then the columns below want recomputing.
create function fold(typed text) returns text
language sql immutable strict parallel safe
return lower(unaccent(regexp_replace(normalize(typed, nfkd), '[\u0300-\u036f]+', '', 'g')));

-- The words of a text, folded, one space between them; its lines stay apart.
create function fold_words(typed text) returns text
language sql immutable strict parallel safe
return regexp_replace(fold(typed), '[^[:alnum:]\n]+', ' ', 'g');

-- A name (of a technology, a city, a state) as it is compared: folded, white space collapsed, symbols kept (C++ is not
-- C). Folding can make one character eighteen, and an index takes 2,700 bytes: a hundred characters tell names apart.
create function name_key(typed text) returns text
language sql immutable strict parallel safe
return left(btrim(regexp_replace(fold(typed), '\s+', ' ', 'g')), 100);

create function name_keys(typed text[]) returns text[]
language sql immutable strict parallel safe
return (
    select coalesce(array_agg(name_key(name) order by place), '{}')
    from unnest(typed) with ordinality as names(name, place)
);

-- Everything of an event that search looks at: each field a line of folded words, every word between spaces, so that
-- '% word%' finds where a word begins, '% two words %' finds a phrase, and no phrase reaches from one field into the next.
create function search_document(
    title text, description text, location text, city text, state text, organizer text, technologies text[]
) returns text
language sql immutable parallel safe
return ' ' || replace(
    fold_words(array_to_string(
        array[title, translate(description, E'\n\t', '  '), location, city, state, organizer] || technologies, E'\n'
    )),
    E'\n', E' \n '
) || ' ';

-- An event as a community published it. Length rules live at the door (shared::event), because rows adopted from the
-- old system break them; the table holds structure only.
create table events (
    -- What people and programs call the event; never given twice.
    id bigint generated always as identity primary key,
    -- What calendars and exports call the event, for life.
    uid uuid not null unique,
    title text not null,
    description text,
    -- The instants; the zone beside them turns them back into the wall-clock time that was typed.
    starts_at timestamptz not null,
    ends_at timestamptz,
    timezone text not null,
    location text not null,
    city text,
    state text,
    attendance text not null constraint events_attendance check (attendance in ('in_person', 'online', 'hybrid')),
    status text not null constraint events_status check (status in ('scheduled', 'postponed', 'cancelled')),
    url text,
    organizer text,
    technologies text[] not null,
    -- One more with every change: ETags carry it, and calendars as SEQUENCE.
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- A deleted event is gone for everyone, and kept 30 days for undo before it is purged.
    deleted_at timestamptz,
    technology_keys text[] not null generated always as (name_keys(technologies)) stored,
    search_document text not null generated always as (
        search_document(title, description, location, city, state, organizer, technologies)
    ) stored,
    constraint events_ends_after_start check (ends_at >= starts_at)
);

-- Lists walk this one, in either direction.
create index events_by_start on events (starts_at, id) where deleted_at is null;
-- Events under way: few, and not to be found by their start.
create index events_by_span on events using gist (tstzrange(starts_at, ends_at, '[]'))
    where deleted_at is null and ends_at is not null;
create index events_by_city on events (name_key(city), starts_at, id) where deleted_at is null and city is not null;
create index events_by_state on events (name_key(state), starts_at, id) where deleted_at is null and state is not null;
create index events_by_technology on events using gin (technology_keys) where deleted_at is null;
create index events_by_word on events using gin (search_document gin_trgm_ops) where deleted_at is null;
create index events_by_deletion on events (deleted_at) where deleted_at is not null;

-- The keys to events. Only the SHA-256 of a token's lower-case form is kept: who reads the database can open nothing.
create table edit_tokens (
    token_hash bytea primary key constraint edit_tokens_hash check (length(token_hash) = 32),
    event_id bigint not null references events on delete cascade,
    created_at timestamptz not null
);
create index edit_tokens_by_event on edit_tokens (event_id);
