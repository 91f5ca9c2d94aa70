-- The Flask system that this board replaces kept its events in a table that is also called events. It steps aside here,
-- under another name, and V3 copies it and drops it. On an empty database nothing happens.
do $$
declare
    sequence text;
begin
    if not exists (
        select from information_schema.columns
        where table_schema = current_schema and table_name = 'events' and column_name = 'edit_token'
    ) then
        return;
    end if;

    alter table events rename to flask_events;
    if exists (select from pg_constraint where conname = 'events_pkey' and conrelid = 'flask_events'::regclass) then
        alter table flask_events rename constraint events_pkey to flask_events_pkey;
    end if;
    sequence := pg_get_serial_sequence('flask_events', 'id');
    if sequence is not null then
        execute format('alter sequence %s rename to flask_events_id_seq', sequence);
    end if;
end
$$;
