# The forms that publish and edit an event
create-title = Publicar un encuentro
create-lead = Toma un minuto y no necesitas cuenta. Solo los tres primeros campos son obligatorios.
create-copied = Copiado de “{ $title }”. Falta la fecha.
already-published-title = Ya publicaste este formulario
already-published-detail = El encuentro ya está publicado y nada se publicó dos veces. Lo que escribiste ahora está abajo.
already-published-edit = Editar el encuentro publicado
already-published-another = Para publicar lo que está abajo como otro encuentro, revisa los campos y envíalo de nuevo.
rate-limit-title = Espera un poco para publicar
rate-limit-detail = Desde tu red llegaron muchos encuentros en poco tiempo. No se perdió nada de lo que escribiste: envíalo de nuevo en { $seconds ->
    [one] 1 segundo
   *[other] { $seconds } segundos
    }.
spam-check-title = Revisa y envía una vez más
spam-check-honeypot = Un campo que las personas no ven llegó con contenido, algo que suelen hacer los bots. Lo vaciamos, y no se perdió nada de lo que escribiste.
spam-check-too-soon = El formulario se envió demasiado rápido como para que lo llenara una persona. No se perdió nada de lo que escribiste.
spam-check-no-token = Este formulario se abrió hace mucho tiempo o no vino de esta página. No se perdió nada de lo que escribiste.
honeypot-label = Deja este campo vacío
draft-stored = Lo que escribes se guarda solo en este navegador, hasta que publiques.
draft-restored = Borrador recuperado, del { $when }. Está solo en este navegador.
draft-discard = Descartar borrador
create-button = Publicar encuentro
edit-title = Editar encuentro
edit-banner-title = Estás en la página de edición
edit-banner-detail = Lo que guardes aquí lo verá todo el mundo. No compartas el enlace de edición: para difundir el encuentro, usa la página pública.
conflict-title = El encuentro cambió mientras lo editabas
conflict-detail = Alguien guardó otra versión después de que abriste este formulario. No se perdió nada de lo que escribiste: está abajo. Compara y guarda de nuevo. Lo que esté en el formulario reemplazará lo guardado.
conflict-stored = Versión guardada
conflict-typed = Escribiste
conflict-empty = (vacío)
hidden-title = Este encuentro está oculto
hidden-detail = Quienes administran este sitio lo ocultaron al público. Solo lo ven quienes tienen el enlace secreto. Puedes seguir editándolo: lo que guardes se conserva y aparecerá si el encuentro vuelve a mostrarse.
edit-button = Guardar cambios
see-public-page = Ver la página pública
show-edit-link = Ver el enlace secreto
more-actions = Otras acciones
rotate-title = Cambiar el enlace secreto
rotate-detail = ¿Se filtró el enlace de edición? Genera otro: el anterior deja de funcionar al instante.
rotate-button = Generar un enlace nuevo
delete-link = Eliminar encuentro
delete-hint = Desaparece de la lista para todo el mundo. Antes preguntamos una vez más.
required-note = Los campos con * son obligatorios.
count-left = { $count ->
    [one] queda { $count }
   *[other] quedan { $count }
    }
count-over = { $count } de más
more-details = Más detalles (opcional)
more-details-hint = Descripción, tecnologías, fin, formato, quién organiza, enlace
group-about = Sobre el encuentro
group-when = Cuándo
group-where = Dónde y cómo
group-where-hint = Si dejas vacíos la ciudad y el estado, se toman del lugar cuando termina en “Ciudad - UF”, donde UF es la sigla de dos letras de un estado de Brasil, como PE.
group-contact = Quién organiza y dónde saber más
form-errors-title = Corrige esto para continuar
form-errors-page-title = Error: { $title }
field-title = Título
field-title-hint = Hasta 200 caracteres.
field-date = Fecha y hora
date-preview = Se verá así: { $date-time }
change-zone = Cambiar la zona horaria, en “Más detalles”
field-location = Lugar
field-location-hint = Por ejemplo, Porto Digital, Recife - PE. Si es en línea, escribe “En línea”.
field-description = Descripción
field-description-hint = Texto simple, hasta 10 mil caracteres. Los saltos de línea se mantienen.
field-end_date = Fin
field-end_date-hint = Opcional. En la misma zona horaria que el inicio.
field-timezone = Zona horaria
field-city = Ciudad
field-state = Estado
field-attendance = Formato
field-status = Situación
field-url = Enlace
field-url-hint = Inscripción o página del encuentro, que empiece con https://
field-organizer = Quién organiza
field-organizer-hint = La comunidad o las personas que lo organizan.
field-technologies = Tecnologías
field-technologies-hint = Separadas por comas. Por ejemplo: Rust, PostgreSQL, C++
