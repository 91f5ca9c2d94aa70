-- The event and the key to it, or neither.
-- $1: uid · $2: the present moment · $3: hash of the token · $4 to $16: the draft
with inserted as (
    insert into events (
        uid, created_at, updated_at,
        title, description, starts_at, ends_at, timezone, location, city,
        state, attendance, status, url, organizer, technologies
    )
    values ($1, $2, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    returning
        id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
        organizer, technologies, version, created_at, updated_at
),
key as (
    insert into edit_tokens (token_hash, event_id, created_at)
    select $3, id, $2 from inserted
)
select
    id, uid, title, description, starts_at, ends_at, timezone, location, city, state, attendance, status, url,
    organizer, technologies, version, created_at, updated_at
from inserted
