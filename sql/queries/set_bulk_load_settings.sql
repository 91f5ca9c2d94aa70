-- Until the transaction ends. Trigrams of a million events are sorted in fewer runs with more memory; no time limit meant
-- for visitors ends a load; and a server that notices at once that the loading program was killed undoes the load at once
-- (known from PostgreSQL 14 on, therefore asked for by way of pg_settings).
select set_config(name, value, true)
from (
    values
        ('maintenance_work_mem', '512MB'),
        ('statement_timeout', '0'),
        ('lock_timeout', '0'),
        ('client_connection_check_interval', '1s')
) as wanted(name, value)
join pg_settings using (name)
