-- The migration library, refinery, creates and fills this table.
select version from refinery_schema_history order by version
