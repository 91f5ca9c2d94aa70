-- The table is refinery's.
select version from refinery_schema_history order by version
