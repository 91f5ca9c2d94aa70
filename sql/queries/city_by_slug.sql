-- The name of a city on a landing page, as its first event spells it.
-- $1: state · $2: name, with hyphens for spaces
select city
from public_events
where city is not null
    and name_key(state) = name_key($1)
    and translate(name_key(city), ' ', '-') = translate(name_key($2), ' ', '-')
order by id
limit 1
