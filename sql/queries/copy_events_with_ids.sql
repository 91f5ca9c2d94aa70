-- Rows in the binary format, with ids; the database computes generated columns.
copy events (
    id, uid, version, created_at, updated_at,
    title, description, starts_at, ends_at, timezone, location, city,
    state, attendance, status, url, organizer, technologies
)
from stdin (format binary)
