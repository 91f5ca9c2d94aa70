-- The random secret that migration V4 inserted.
select secret
from board_secret
