-- $1: id · $2: the time from which it is hidden, or null to make it visible again
update events
set hidden_at = $2
where id = $1
    and deleted_at is null
    and (hidden_at is null) = ($2::timestamptz is not null)
