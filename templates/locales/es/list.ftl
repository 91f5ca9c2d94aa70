# The front page
list-title = Encuentros de tecnología
list-lead = Meetups, talleres y conferencias de las comunidades, en Brasil y en línea. Encuentra el tuyo o publica uno en un minuto, sin cuenta.
heading-today = Encuentros hoy
heading-weekend = Encuentros este fin de semana
heading-online = Encuentros en línea
heading-state = Encuentros en { $name } ({ $code })
heading-city = Encuentros en { $city }, { $code }
heading-technology = Encuentros de { $name }
search-label = Buscar
search-hint = Título, ciudad, tecnología…
technology-label = Tecnología
technology-hint = Por ejemplo, Rust
search-button = Buscar
filters-label = Encontrar por fecha, tecnología y estado
period-label = Período
when-all = Todos
when-upcoming = Próximos
when-past = Pasados
quick-label = Cuándo y cómo
quick-today = Hoy
quick-weekend = Este fin de semana
quick-month = Este mes
quick-online = En línea
facets-technologies = Tecnologías
facets-states = Estados
facet-count = { $count ->
    [one] { $count } encuentro en los próximos 90 días
   *[other] { $count } encuentros en los próximos 90 días
    }
active-filters-label = Filtros en uso
remove-filter = Quitar filtro:
filter-search = “{ $text }”
filter-technology = Tecnología: { $name }
filter-city = Ciudad: { $name }
filter-state = Estado: { $name }
filter-from = Desde el { $day }
filter-to = Antes del { $day }
clear-search = Limpiar todo
upcoming-title = Próximos encuentros
past-title = Encuentros pasados
month = { $month } de { $year }
events-count = { $count ->
    [0] Ningún encuentro
    [one] { $count } encuentro
   *[other] { $count } encuentros
    }
first-events-count = Los primeros { $count } encuentros
no-upcoming-events = No hay encuentros previstos por ahora.
no-results-title = Ningún encuentro coincide con tu búsqueda
no-results-detail = Prueba con menos palabras o quita un filtro.
empty-place-title = Todavía no hay encuentros en { $place }
empty-place-detail = Mira los que puedes seguir desde donde estás o publica el primero: toma un minuto y no necesitas cuenta.
no-events-title = Todavía no hay encuentros
no-events-detail = Publica el primero: toma un minuto y no necesitas cuenta.
see-online = Ver los encuentros en línea
publish-first = Publicar el primero
next-page = Página siguiente
load-more = Mostrar más
loading = Cargando…
loading-failed = No se pudo cargar. Inténtalo de nuevo.
first-page = Volver al principio
pages-label = Páginas
deleted-notice = El encuentro se eliminó.
embed-all = Ver todos
