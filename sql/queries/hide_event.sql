-- $1: id · $2: since when it is hidden, or null to show it again
update events
set hidden_at = $2
where id = $1
    and deleted_at is null
    and (hidden_at is null) = ($2::timestamptz is not null)
