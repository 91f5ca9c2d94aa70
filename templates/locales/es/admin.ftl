# The operator's pages
admin-title = Últimas publicaciones
admin-lead = Lo que ocultes deja de ser público al instante. Quien lo publicó puede seguir viéndolo y editándolo, con un aviso.
admin-all = Todas
admin-only-hidden = Solo las ocultas
admin-hidden = oculto
admin-published = N.º { $id }, publicado el { $published }
admin-hide = Ocultar
admin-restore = Mostrar de nuevo
admin-source = Origen { $source }
admin-source-title = Todo lo del origen { $source }
admin-source-detail = El origen es un código de la red de quien publicó, guardado durante 30 días. Sin fechas, vale para todo lo que vino de él; con fechas (en la zona horaria { $zone }), para lo que se publicó entre ellas.
admin-from = Desde
admin-to = Hasta
admin-hide-source = Ocultar todo lo de este origen
admin-restore-source = Mostrar todo de nuevo
admin-result = { $count ->
    [0] No cambió nada.
    [one] Cambió un encuentro.
   *[other] Cambiaron { $count } encuentros.
    }
admin-none = No hay nada por aquí.
admin-next = Más antiguas
