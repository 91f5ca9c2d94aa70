-- Since when the operator hides the event: it is gone for the public then, and its owner may still change it.
alter table events add column hidden_at timestamptz;
-- Few: they are counted, and looked through by the operator.
create index events_by_hiding on events (hidden_at) where hidden_at is not null;

-- From where an event was published: a keyed hash of the client's network, which tells two networks apart and nothing more,
-- so that what one of them has flooded the board with can be hidden at once. It is kept for 30 days.
create table event_sources (
    event_id bigint primary key references events on delete cascade,
    source text not null,
    created_at timestamptz not null
);
create index event_sources_by_source on event_sources (source, created_at);
create index event_sources_by_age on event_sources (created_at);
