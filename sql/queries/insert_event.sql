-- Inserts the event with its edit token, and with the idempotency key if the request has one. Returns no row while another
-- request with the same key is running; that request's advisory lock is released when its transaction ends.
-- $1: uid · $2: the current time · $3: hash of the edit token · $4 to $16: the draft
-- $17: hash of the idempotency key, or null · $18: hash of the body · $19: encrypted edit token · $20: id of the key's lock
-- $21: source, or null
with lock as materialized (
    select case when $17::bytea is null then true else pg_try_advisory_xact_lock($20) end as is_acquired
),
inserted as (
    insert into events (
        uid, created_at, updated_at,
        title, description, starts_at, ends_at, timezone, location, city,
        state, attendance, status, url, organizer, technologies
    )
    select
        $1::uuid, $2::timestamptz, $2::timestamptz,
        $4::text, $5::text, $6::timestamptz, $7::timestamptz, $8::text, $9::text, $10::text,
        $11::text, $12::text, $13::text, $14::text, $15::text, $16::text[]
    from lock
    where is_acquired
    returning
        id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
        organizer, technologies, version, hidden_at, created_at, updated_at
),
edit_token as (
    insert into edit_tokens (token_hash, event_id, created_at)
    select $3, id, $2 from inserted
),
source as (
    insert into event_sources (event_id, source, created_at)
    select id, $21, $2 from inserted
    where $21::text is not null
),
idempotency_key as (
    insert into idempotency_keys (key_hash, body_hash, event_id, sealed_token, created_at)
    select $17, $18, id, $19, $2 from inserted
    where $17 is not null
)
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, hidden_at, created_at, updated_at
from inserted
