-- The next id comes after every one that is there or was given.
select setval(sequence, greatest(max(id), pg_sequence_last_value(sequence)))
from events, (select pg_get_serial_sequence('events', 'id')::regclass as sequence) as identity
group by sequence
