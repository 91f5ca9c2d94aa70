-- Feeds walk this one: what was published last comes first.
create index events_by_publication on events (created_at, id) where deleted_at is null;
-- A city by its short address: its name with hyphens for spaces, within its state.
create index events_by_place on events (name_key(state), translate(name_key(city), ' ', '-'), id)
    where deleted_at is null and city is not null;
