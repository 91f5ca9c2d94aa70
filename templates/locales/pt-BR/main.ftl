# The frame
skip-to-content = Pular para o conteúdo
tagline = Encontros de tecnologia, publicados por quem os faz.
publish-event = Publicar encontro
all-events = Todos os encontros
footer-api = API em JSON
footer-export = Todos os dados

# The front page
list-title = Encontros de tecnologia
search-label = Buscar
search-hint = Título, cidade, tecnologia…
technology-label = Tecnologia
technology-hint = Ex.: Rust
search-button = Buscar
clear-search = Limpar busca
other-wishes = Também filtrado por:
upcoming-title = Próximos encontros
past-title = Já aconteceram
nothing-upcoming = Nenhum encontro marcado por enquanto.
nothing-found = Nenhum encontro encontrado
nothing-found-detail = Tente menos palavras, ou veja todos os encontros.
nothing-yet = Ainda não há encontros
nothing-yet-detail = Publique o primeiro: leva um minuto e não precisa de conta.
next-page = Próxima página
first-page = Voltar ao início
pages-label = Páginas
deleted-notice = O encontro foi apagado.

# An event
untitled = (sem título)
when-label = Quando
where-label = Onde
organizer-label = Organização
technologies-label = Tecnologias
link-label = Página do encontro
description-label = Sobre o encontro
over = Já aconteceu
attendance-in-person = Presencial
attendance-online = On-line
attendance-hybrid = Híbrido
status-scheduled = Confirmado
status-postponed = Adiado
status-cancelled = Cancelado
postponed-notice = Este encontro foi adiado. Confira a nova data com a organização.
cancelled-notice = Este encontro foi cancelado.

# Dates. The day of the month is a number, so that the first can be an ordinal.
day = { $weekday }, { $day ->
        [1] 1º
       *[other] { $day }
    } de { $month } de { $year }
hour = { $hour }h
hour-and-minutes = { $hour }h{ $minutes }
moment = { $day }, { $time } ({ $zone })
ends-same-day = até { $time }
ends-another-day = até { $day }, { $time }
weekday-1 = segunda-feira
weekday-2 = terça-feira
weekday-3 = quarta-feira
weekday-4 = quinta-feira
weekday-5 = sexta-feira
weekday-6 = sábado
weekday-7 = domingo
weekday-short-1 = seg
weekday-short-2 = ter
weekday-short-3 = qua
weekday-short-4 = qui
weekday-short-5 = sex
weekday-short-6 = sáb
weekday-short-7 = dom
month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
month-short-1 = jan
month-short-2 = fev
month-short-3 = mar
month-short-4 = abr
month-short-5 = mai
month-short-6 = jun
month-short-7 = jul
month-short-8 = ago
month-short-9 = set
month-short-10 = out
month-short-11 = nov
month-short-12 = dez

# Zones, as people name their time
zone-brasilia = horário de Brasília
zone-other = horário de { $city }
zone-UTC = UTC
zone-America-Araguaina = horário de Araguaína
zone-America-Bahia = horário da Bahia
zone-America-Belem = horário de Belém
zone-America-Boa_Vista = horário de Boa Vista
zone-America-Campo_Grande = horário de Campo Grande
zone-America-Cuiaba = horário de Cuiabá
zone-America-Eirunepe = horário de Eirunepé
zone-America-Fortaleza = horário de Fortaleza
zone-America-Maceio = horário de Maceió
zone-America-Manaus = horário de Manaus
zone-America-Noronha = horário de Fernando de Noronha
zone-America-Porto_Velho = horário de Porto Velho
zone-America-Recife = horário do Recife
zone-America-Rio_Branco = horário do Acre
zone-America-Santarem = horário de Santarém
zone-America-Argentina-Buenos_Aires = horário de Buenos Aires
zone-America-Asuncion = horário de Assunção
zone-America-Bogota = horário de Bogotá
zone-America-La_Paz = horário de La Paz
zone-America-Los_Angeles = horário de Los Angeles
zone-America-Mexico_City = horário da Cidade do México
zone-America-Montevideo = horário de Montevidéu
zone-America-New_York = horário de Nova York
zone-Africa-Luanda = horário de Luanda
zone-Africa-Maputo = horário de Maputo
zone-Asia-Tokyo = horário de Tóquio
zone-Atlantic-Azores = horário dos Açores
zone-Atlantic-Madeira = horário da Madeira
zone-Europe-Berlin = horário de Berlim
zone-Europe-Lisbon = horário de Lisboa
zone-Europe-London = horário de Londres
zone-Europe-Madrid = horário de Madri
zone-Europe-Paris = horário de Paris

# Zones, as the form offers them
zones-brazil = Brasil
zones-other = Outros lugares
zone-choice-America-Sao_Paulo = Brasília, São Paulo, Sul e Sudeste (America/Sao_Paulo)
zone-choice-America-Recife = Pernambuco (America/Recife)
zone-choice-America-Fortaleza = Ceará, Maranhão, Paraíba, Piauí, Rio Grande do Norte (America/Fortaleza)
zone-choice-America-Bahia = Bahia (America/Bahia)
zone-choice-America-Maceio = Alagoas, Sergipe (America/Maceio)
zone-choice-America-Belem = Amapá, leste do Pará (America/Belem)
zone-choice-America-Santarem = Oeste do Pará (America/Santarem)
zone-choice-America-Araguaina = Tocantins (America/Araguaina)
zone-choice-America-Manaus = Amazonas (America/Manaus)
zone-choice-America-Porto_Velho = Rondônia (America/Porto_Velho)
zone-choice-America-Boa_Vista = Roraima (America/Boa_Vista)
zone-choice-America-Cuiaba = Mato Grosso (America/Cuiaba)
zone-choice-America-Campo_Grande = Mato Grosso do Sul (America/Campo_Grande)
zone-choice-America-Rio_Branco = Acre (America/Rio_Branco)
zone-choice-America-Eirunepe = Oeste do Amazonas (America/Eirunepe)
zone-choice-America-Noronha = Fernando de Noronha (America/Noronha)

# The form
create-title = Publicar um encontro
create-lead = Leva um minuto e não precisa de conta. Só os três primeiros campos são obrigatórios.
already-title = Você já publicou este formulário
already-detail = O encontro está no ar, e nada foi publicado duas vezes. O que você digitou agora está abaixo.
already-edit = Editar o encontro publicado
already-another = Para publicar o que está abaixo como outro encontro, confira os campos e envie de novo.
wait-title = Espere um pouco para publicar
wait-detail = Da sua rede vieram muitos encontros em pouco tempo. Nada do que você digitou se perdeu: envie de novo em { $seconds } s.
doubt-title = Confira e envie mais uma vez
doubt-trapped = Um campo que as pessoas não veem veio preenchido, o que costuma ser obra de um programa. Ele foi esvaziado, e nada do que você digitou se perdeu.
doubt-too-soon = O formulário foi enviado depressa demais para ter sido preenchido por uma pessoa. Nada do que você digitou se perdeu.
doubt-no-stamp = Este formulário foi aberto há muito tempo ou não veio desta página. Nada do que você digitou se perdeu.
field-trap = Deixe este campo vazio
create-button = Publicar encontro
edit-title = Editar encontro
edit-banner-title = Você está no lado da edição
edit-banner-detail = O que você salvar aqui aparece para todo mundo. Não compartilhe o link de edição: para divulgar, use a página pública.
conflict-title = O encontro mudou enquanto você editava
conflict-detail = Alguém salvou outra versão depois que você abriu este formulário. Nada do que você digitou se perdeu: está abaixo. Compare e salve de novo; o que estiver no formulário passa a valer.
conflict-theirs = Salvo agora
conflict-yours = Você digitou
conflict-empty = (vazio)
hidden-title = Este encontro está escondido
hidden-detail = Quem cuida do quadro o tirou da vista do público. Só quem tem o link secreto o vê. Você pode continuar a editá-lo: o que salvar fica guardado e aparece se ele voltar a ser mostrado.
edit-button = Salvar alterações
see-public-page = Ver a página pública
show-edit-link = Ver o link secreto
rotate-title = Trocar o link secreto
rotate-detail = O link de edição vazou? Gere outro: o antigo deixa de valer na hora.
rotate-button = Gerar um novo link
delete-link = Apagar encontro
required-note = Os campos com * são obrigatórios.
more-details = Mais detalhes (opcional)
problems-title = Corrija para continuar
field-title = Título
field-title-hint = Até 200 caracteres.
field-date = Data e hora
field-date-hint = No horário de: { $zone }. Para mudar o fuso, abra “Mais detalhes”.
field-location = Local
field-location-hint = Ex.: Porto Digital, Recife - PE. Se for on-line, escreva “On-line”.
field-description = Descrição
field-description-hint = Texto simples, até 10.000 caracteres. As quebras de linha são mantidas.
field-end_date = Término
field-end_date-hint = Opcional. No mesmo fuso do início.
field-timezone = Fuso horário
field-city = Cidade
field-state = Estado
field-city-hint = Se ficarem vazios, cidade e estado são tirados do local quando ele termina em “Cidade - UF”.
field-attendance = Formato
field-status = Situação
field-url = Link
field-url-hint = Inscrição ou página do encontro, começando com https://
field-organizer = Organização
field-organizer-hint = A comunidade ou as pessoas que organizam.
field-technologies = Tecnologias
field-technologies-hint = Separadas por vírgula. Ex.: Rust, PostgreSQL, C++

# The secret link
created-title = Encontro publicado!
created-lead = Guarde o link secreto abaixo agora: é a única chave para editar ou apagar este encontro. Não há conta nem senha para recuperá-lo.
secret-label = Link secreto de edição
secret-warning = Este não é o link para divulgar. Quem o tiver pode editar e apagar o encontro.
copy-link = Copiar link secreto
copied = Copiado!
download-link = Baixar como .txt
remember-label = Lembrar deste encontro neste navegador
remember-hint = Só o título e o número ficam guardados aqui; o link secreto, não. Assim você o reencontra na página inicial.
mine-title = Meus encontros neste navegador
mine-forget = Esquecer
mine-hint = Guardados só neste navegador: títulos e números, sem o link secreto.
mine-off = Esquecer todos e não guardar mais
mail-to-self = Enviar para o meu e-mail
open-edit = Editar agora
public-label = Link público, para divulgar
copy-public-link = Copiar link público
mail-subject = Link de edição: { $title }
mail-body = Encontro: { $title }
    Link secreto de edição (não compartilhe): { $edit }
    Link público, para divulgar: { $public }

# Deleting
delete-title = Apagar este encontro?
delete-detail = Ele some da lista e das buscas para todo mundo, e o link secreto deixa de valer.
delete-cancel-hint = Se o encontro não vai acontecer, mude a situação para “Cancelado”: assim quem já o viu fica sabendo.
delete-button = Sim, apagar
delete-keep = Não, manter

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

# Errors: title and sentence
error-not-found = Não encontrado
error-not-found-detail = Não há nada neste endereço. O encontro pode ter sido apagado, ou o link está incompleto.
error-method-not-allowed = Método não permitido
error-method-not-allowed-detail = Este endereço aceita: { $allow }.
error-bad-parameter = Parâmetro inválido
error-bad-parameter-detail = O parâmetro { $name } tem um valor inválido. { $allowed }
error-bad-json = JSON malformado
error-bad-json-detail = O corpo da requisição não é JSON válido: { $parser }.
error-wrong-media-type = Tipo de conteúdo não aceito
error-wrong-media-type-detail = Envie o corpo como { $wanted }, e diga isso em Content-Type.
error-address-too-long = Endereço longo demais
error-address-too-long-detail = O endereço, com a busca e os filtros, pode ter até 32 KiB.
error-too-large = Conteúdo grande demais
error-too-large-detail = O corpo da requisição pode ter até 256 KiB.
error-body-broken = Envio interrompido
error-body-broken-detail = O corpo da requisição não chegou inteiro. Tente enviar de novo.
error-body-late = Envio lento demais
error-body-late-detail = O corpo da requisição não chegou a tempo. Tente enviar de novo.
error-invalid = Campos inválidos
error-invalid-detail = Um ou mais campos têm valores inválidos. Corrija-os e envie de novo.
error-changed = O encontro mudou
error-changed-detail = O encontro já não está na versão que If-Match diz. Nada foi alterado. Leia-o de novo e envie a mudança com o ETag atual.
error-key-reused = Idempotency-Key já usada
error-key-reused-detail = Com esta Idempotency-Key já foi publicado outro encontro. Nada foi publicado agora. Para publicar este, envie-o com uma chave nova.
error-key-in-use = Ainda em andamento
error-key-in-use-detail = Uma requisição com a mesma Idempotency-Key ainda está em andamento. Envie de novo daqui a um instante.
error-too-many = Devagar, por favor
error-too-many-detail = Chegaram pedidos demais da sua rede. Tente de novo em { $seconds } s.
error-cross-site = Formulário de outro site
error-cross-site-detail = Por segurança, só aceitamos formulários enviados a partir das nossas próprias páginas. Abra o formulário aqui e envie de novo.
error-no-key = Você precisa do link secreto
error-no-key-detail = Para editar este encontro, abra o link secreto que apareceu quando ele foi publicado. Ele começa com /events/edit/ e pode ter ido para o seu e-mail ou para as suas anotações.
error-not-operator = Só para quem cuida do quadro
error-not-operator-detail = Entre com o ADMIN_TOKEN como senha; o nome de usuário é indiferente.
error-away = Voltamos já
error-away-detail = O sistema está temporariamente indisponível. Nada foi perdido: tente de novo em alguns segundos.
error-busy = Muita gente ao mesmo tempo
error-busy-detail = Não há lugar para mais um pedido agora. Nada foi perdido: tente de novo em alguns segundos.
error-broken = Algo deu errado
error-broken-detail = A falha é nossa e já ficou registrada. Tente de novo daqui a pouco.

parameter-idempotency-key = Use de 16 a 255 caracteres ASCII visíveis.
parameter-when = Use all, upcoming ou past.
parameter-limit = Use um número inteiro de 1 a 100.
parameter-offset = Use um número inteiro de 0 a 10000.
parameter-offset-with-cursor = Use cursor ou offset, não os dois.
parameter-cursor = Use o valor que veio no cabeçalho Link, com os mesmos filtros.
parameter-moment = Use uma data (2027-03-18) ou data e hora (2027-03-18T19:00:00-03:00).
parameter-number = Use um número inteiro.
parameter-id-or-source = Diga id ou source.
parameter-after = Use o id do último encontro recebido.

# Problems of a field
problem-required = Preencha este campo.
problem-not-an-object = O corpo precisa ser um objeto JSON.
problem-not-text = Precisa ser um texto.
problem-not-texts = Precisa ser uma lista de textos.
problem-too-long = Use até { $max } caracteres.
problem-too-many = Use até { $max } itens.
problem-line-break = Escreva em uma linha só.
problem-control-character = Tire os caracteres de controle, que não são texto.
problem-date-format = Escreva data e hora como 2027-03-18T19:00, ou com fuso: 2027-03-18T19:00:00-03:00.
problem-date-range = Use uma data entre 1970 e 2100.
problem-time-skipped = Esse horário não existe nesse fuso: o relógio é adiantado e pula por ele. Escolha outro.
problem-unknown-timezone = Use um fuso da base IANA, como America/Sao_Paulo.
problem-ends-before-start = O término não pode ser antes do início.
problem-ends-too-late = O término pode ser até { $days } dias depois do início.
problem-not-a-choice = Use um destes valores: { $allowed }.
problem-denied = Este quadro não aceita “{ $word }”.
problem-not-a-url = Use um endereço completo, começando com http:// ou https://.
