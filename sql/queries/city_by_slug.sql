-- The name of the city at a short address, as an event of it writes it.
-- $1: its state · $2: its name, with hyphens for spaces
select city
from events
where deleted_at is null
    and hidden_at is null
    and city is not null
    and name_key(state) = name_key($1)
    and translate(name_key(city), ' ', '-') = translate(name_key($2), ' ', '-')
order by id
limit 1
