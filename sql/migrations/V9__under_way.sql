-- Events under way, with what orders them: of the many that are under way in an evening, whoever asks for no others fetches
-- only those that a page shows. It takes the place of the index that knows their spans alone.
create index events_under_way on events using gist (tstzrange(starts_at, ends_at, '[]'))
    include (starts_at, ends_at, id, hidden_at)
    where deleted_at is null and ends_at is not null;
drop index events_by_span;
