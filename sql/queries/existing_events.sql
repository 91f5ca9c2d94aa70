-- Which of these events exist, deleted or not.
-- $1: ids · $2: uids
select id, uid from events where id = any($1)
union
select id, uid from events where uid = any($2)
order by id
