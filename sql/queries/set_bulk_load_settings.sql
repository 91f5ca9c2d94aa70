-- Settings of the transaction. With more memory, the trigrams of a million events are sorted in fewer runs; the
-- time limits of requests do not apply to a load; and the server cancels the load within a second when the loading program is
-- killed (a setting since PostgreSQL 14, therefore read through pg_settings).
select set_config(name, value, true)
from (
    values
        ('maintenance_work_mem', '512MB'),
        ('statement_timeout', '0'),
        ('lock_timeout', '0'),
        ('client_connection_check_interval', '1s')
) as setting(name, value)
join pg_settings using (name)
