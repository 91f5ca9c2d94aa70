# The operator's pages
admin-title = Últimas publicações
admin-lead = O que você esconder deixa de ser público na hora. Quem publicou continua podendo ver e editar, com um aviso.
admin-all = Todas
admin-only-hidden = Só as escondidas
admin-hidden = escondido
admin-published = n.º { $id }, publicado em { $published }
admin-hide = Esconder
admin-restore = Mostrar de novo
admin-source = Origem { $source }
admin-source-title = Tudo da origem { $source }
admin-source-detail = A origem é um código da rede de quem publicou, guardado por 30 dias. Sem datas, vale para tudo o que veio dela; com datas (no fuso { $zone }), para o que foi publicado entre elas.
admin-from = De
admin-to = Até
admin-hide-source = Esconder tudo desta origem
admin-restore-source = Mostrar tudo de novo
admin-result = { $count ->
    [0] Nada mudou.
    [one] Um encontro mudou.
   *[other] { $count } encontros mudaram.
    }
admin-none = Nada por aqui.
admin-next = Mais antigas
