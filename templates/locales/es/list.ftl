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
finding-label = Encontrar por fecha, tecnología y estado
phase-label = Período
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
active-label = Filtros en uso
active-remove = Quitar filtro:
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
shown = { $count ->
    [0] Ningún encuentro
    [one] { $count } encuentro
   *[other] { $count } encuentros
    }
shown-of-more = Los primeros { $count } encuentros
nothing-upcoming = No hay encuentros previstos por ahora.
nothing-found = Ningún encuentro coincide con tu búsqueda
nothing-found-detail = Prueba con menos palabras o quita un filtro.
nothing-in = Todavía no hay encuentros en { $place }
nothing-in-detail = Mira los que puedes seguir desde donde estás o publica el primero: toma un minuto y no necesitas cuenta.
nothing-yet = Todavía no hay encuentros
nothing-yet-detail = Publica el primero: toma un minuto y no necesitas cuenta.
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
