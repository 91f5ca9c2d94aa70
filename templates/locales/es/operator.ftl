# The operator's page
operator-title = Últimas publicaciones
operator-lead = Lo que ocultes deja de ser público al instante. Quien lo publicó puede seguir viéndolo y editándolo, con un aviso.
operator-all = Todas
operator-only-hidden = Solo las ocultas
operator-hidden = oculto
operator-published = N.º { $id }, publicado el { $moment }
operator-hide = Ocultar
operator-restore = Mostrar de nuevo
operator-source = Origen { $source }
operator-source-title = Todo lo del origen { $source }
operator-source-detail = El origen es un código de la red de quien publicó, guardado durante 30 días. Sin fechas, vale para todo lo que vino de él; con fechas (en la zona horaria { $zone }), para lo que se publicó entre ellas.
operator-from = Desde
operator-to = Hasta
operator-hide-source = Ocultar todo lo de este origen
operator-restore-source = Mostrar todo de nuevo
operator-done = { $count ->
    [0] No cambió nada.
    [one] Cambió un encuentro.
   *[other] Cambiaron { $count } encuentros.
    }
operator-none = No hay nada por aquí.
operator-next = Más antiguas
