-- Copies what V1 set aside and drops it, so that no plaintext token stays on disk. The old rows break today's rules and
-- are kept all the same. Their dates are wall-clock times in the default zone, which the one who migrates tells in the
-- setting encontros.default_timezone.
do $$
declare
    zone text := current_setting('encontros.default_timezone');
    sequence text;
    next_id bigint;
begin
    if to_regclass('flask_events') is null then
        return;
    end if;

    insert into events (
        id, uid, title, description, starts_at, timezone, location, city, state,
        attendance, status, technologies, created_at, updated_at
    )
    overriding system value
    select
        id,
        gen_random_uuid(),
        coalesce(title, '(sem título)'),
        nullif(replace(description, E'\r\n', E'\n'), ''),
        -- A date no calendar can show (infinity, before Christ) says as little as none.
        case when date between '0001-01-01' and '9999-12-31' then date::timestamp at time zone zone else now() end,
        zone,
        coalesce(location, '(a definir)'),
        place[1],
        upper(place[2]),
        'in_person',
        'scheduled',
        '{}',
        now(),
        now()
    from (
        select
            *,
            regexp_match(
                left(location, 200),
                '(?:^|,|\s[-–—])\s*((?:(?!\s[-–—]\s)[^,])+?)\s+[-–—]\s+'
                '(AC|AL|AM|AP|BA|CE|DF|ES|GO|MA|MG|MS|MT|PA|PB|PE|PI|PR|RJ|RN|RO|RR|RS|SC|SE|SP|TO)\s*$',
                'i'
            ) as place
        from flask_events
    ) as flask;

    -- Two old tokens that differ in case only would now open each other's event: such a pair opens none.
    insert into edit_tokens (token_hash, event_id, created_at)
    select sha256(convert_to(token, 'UTF8')), id, now()
    from (
        select id, lower(edit_token) as token, count(*) over (partition by lower(edit_token)) as holders
        from flask_events
        where edit_token <> ''
    ) as flask
    where holders = 1;

    -- An id is never given twice, not even one that the old system gave and deleted.
    select coalesce(max(id), 0) + 1 into next_id from flask_events;
    sequence := pg_get_serial_sequence('flask_events', 'id');
    if sequence is not null then
        execute format('select greatest($1, last_value + is_called::int) from %s', sequence) into next_id using next_id;
    end if;
    execute format('alter table events alter column id restart with %s', greatest(next_id, 1));

    drop table flask_events;
end
$$;
