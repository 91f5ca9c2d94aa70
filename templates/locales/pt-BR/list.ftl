# The front page
list-title = Encontros de tecnologia
list-lead = Meetups, oficinas e conferências das comunidades, no Brasil e on-line. Encontre o seu ou publique um em um minuto, sem conta.
heading-today = Encontros hoje
heading-weekend = Encontros neste fim de semana
heading-online = Encontros on-line
# The preposition and article depend on the state.
heading-state = Encontros { $code ->
        [AL] em
        [BA] na
        [GO] em
        [MG] em
        [MS] em
        [MT] em
        [PB] na
        [PE] em
        [RO] em
        [RR] em
        [SC] em
        [SE] em
        [SP] em
       *[other] no
    } { $name }
heading-city = Encontros em { $city }, { $code }
heading-technology = Encontros de { $name }
search-label = Buscar
search-hint = Título, cidade, tecnologia…
technology-label = Tecnologia
technology-hint = Ex.: Rust
search-button = Buscar
filters-label = Encontrar por data, tecnologia e estado
period-label = Período
when-all = Todos
when-upcoming = Próximos
when-past = Já aconteceram
quick-label = Quando e como
quick-today = Hoje
quick-weekend = Este fim de semana
quick-month = Este mês
quick-online = On-line
facets-technologies = Tecnologias
facets-states = Estados
facet-count = { $count ->
    [one] { $count } encontro nos próximos 90 dias
   *[other] { $count } encontros nos próximos 90 dias
    }
active-filters-label = Filtros em uso
remove-filter = Remover filtro:
filter-search = “{ $text }”
filter-technology = Tecnologia: { $name }
filter-city = Cidade: { $name }
filter-state = Estado: { $name }
filter-from = A partir de { $day }
filter-to = Antes de { $day }
clear-search = Limpar tudo
upcoming-title = Próximos encontros
past-title = Já aconteceram
month = { $month } de { $year }
events-count = { $count ->
    [0] Nenhum encontro encontrado
    [one] { $count } encontro
   *[other] { $count } encontros
    }
first-events-count = Os primeiros { $count } encontros
no-upcoming-events = Nenhum encontro marcado por enquanto.
no-results-title = Nenhum encontro encontrado
no-results-detail = Tente menos palavras ou tire um filtro.
empty-place-title = Ainda não há encontros em { $place }
empty-place-detail = Veja os que dá para acompanhar de onde você está, ou publique o primeiro: leva um minuto e não precisa de conta.
no-events-title = Ainda não há encontros
no-events-detail = Publique o primeiro: leva um minuto e não precisa de conta.
see-online = Ver os on-line
publish-first = Publicar o primeiro
next-page = Próxima página
load-more = Mostrar mais
loading = Carregando…
loading-failed = Não deu para carregar. Tente de novo.
first-page = Voltar ao início
pages-label = Páginas
deleted-notice = O encontro foi apagado.
embed-all = Ver todos
