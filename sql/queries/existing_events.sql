-- Which events there are among these, deleted ones too.
-- $1: ids · $2: uids
select id, uid from events where id = any($1)
union
select id, uid from events where uid = any($2)
order by id
