-- The secret that migration V4 created.
select secret
from board_secret
