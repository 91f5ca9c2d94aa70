-- Rows in the binary format; the database assigns ids and generated columns.
copy events (
    uid, version, created_at, updated_at,
    title, description, starts_at, ends_at, timezone, location, city,
    state, attendance, status, url, organizer, technologies
)
from stdin (format binary)
