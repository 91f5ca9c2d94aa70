-- The next id is higher than every id that is in use or was assigned.
select setval(sequence, greatest(max(id), pg_sequence_last_value(sequence)))
from events, (select pg_get_serial_sequence('events', 'id')::regclass as sequence) as identity
group by sequence
