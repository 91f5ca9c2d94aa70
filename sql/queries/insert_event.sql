-- The event and the key to it, or neither. Where the request has an idempotency key, that too; no row while another request
-- with the same key is running, whose lock ends with it, however it ends.
-- $1: uid · $2: the present moment · $3: hash of the token · $4 to $16: the draft
-- $17: hash of the idempotency key, or null · $18: hash of the body · $19: sealed token · $20: number of the key's lock
-- $21: from where it came, or null
with lock as materialized (
    select case when $17::bytea is null then true else pg_try_advisory_xact_lock($20) end as is_ours
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
    where is_ours
    returning
        id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
        organizer, technologies, version, hidden_at, created_at, updated_at
),
key as (
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
