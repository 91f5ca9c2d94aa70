# The operator's page
operator-title = Últimas publicações
operator-lead = O que esconder sai da vista do público na hora. Quem publicou continua a ver e a editar, com um aviso.
operator-all = Todas
operator-only-hidden = Só as escondidas
operator-hidden = escondido
operator-published = n.º { $id }, publicado em { $moment }
operator-hide = Esconder
operator-restore = Mostrar de novo
operator-source = Origem { $source }
operator-source-title = Tudo da origem { $source }
operator-source-detail = A origem é um código da rede de quem publicou, guardado por 30 dias. Sem datas, vale para tudo o que veio dela; com datas (no fuso { $zone }), para o que foi publicado entre elas.
operator-from = De
operator-to = Até
operator-hide-source = Esconder tudo desta origem
operator-restore-source = Mostrar tudo de novo
operator-done = { $count ->
    [0] Nada mudou.
    [one] Um encontro mudou.
   *[other] { $count } encontros mudaram.
    }
operator-none = Nada por aqui.
operator-next = Mais antigas
