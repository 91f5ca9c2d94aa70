-- The indexes of events that enforce no constraint, and the statements that drop and create each, as the database prints them.
select
    indexrelid::regclass::text as name,
    format('drop index %s', indexrelid::regclass) as drop_statement,
    pg_get_indexdef(indexrelid) as create_statement
from pg_index
where indrelid = 'events'::regclass
    and not indisunique
    and not exists (select from pg_constraint where conindid = indexrelid)
order by name
