select secret
from board_secret
