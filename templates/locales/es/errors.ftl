# Errors: title and detail
error-not-found = No encontrado
error-not-found-detail = No hay nada en esta dirección. Puede que el encuentro se haya eliminado o que el enlace esté incompleto.
error-method-not-allowed = Método no permitido
error-method-not-allowed-detail = Esta dirección acepta: { $allow }.
error-bad-parameter = Parámetro no válido
error-bad-parameter-detail = El parámetro { $name } tiene un valor no válido. { $allowed }
error-bad-json = JSON mal formado
error-bad-json-detail = El cuerpo de la solicitud no es JSON válido: { $parser }.
error-unsupported-media-type = Tipo de contenido no aceptado
error-unsupported-media-type-detail = Envía el cuerpo como { $expected } e indícalo en Content-Type.
error-uri-too-long = Dirección demasiado larga
error-uri-too-long-detail = La dirección, con la búsqueda y los filtros, puede tener hasta 32 KiB.
error-payload-too-large = Contenido demasiado grande
error-payload-too-large-detail = El cuerpo de la solicitud puede tener hasta 256 KiB.
error-incomplete-body = Envío interrumpido
error-incomplete-body-detail = El cuerpo de la solicitud no llegó completo. Intenta enviarlo de nuevo.
error-body-timeout = Envío demasiado lento
error-body-timeout-detail = El cuerpo de la solicitud no llegó a tiempo. Intenta enviarlo de nuevo.
error-invalid = Campos no válidos
error-invalid-detail = Uno o más campos tienen valores no válidos. Corrígelos y envía de nuevo.
error-precondition-failed = El encuentro cambió
error-precondition-failed-detail = El encuentro ya no está en la versión que indica If-Match. No se modificó nada. Léelo otra vez y envía el cambio con el ETag actual.
error-idempotency-key-reused = Idempotency-Key ya usada
error-idempotency-key-reused-detail = Con esta Idempotency-Key ya se publicó otro encuentro. Ahora no se publicó nada. Para publicar este, envíalo con una clave nueva.
error-idempotency-key-in-use = Todavía en curso
error-idempotency-key-in-use-detail = Una solicitud con la misma Idempotency-Key todavía está en curso. Envíala de nuevo en un momento.
error-rate-limited = Más despacio, por favor
error-rate-limited-detail = Llegaron demasiadas solicitudes desde tu red. Intenta de nuevo en { $seconds ->
    [one] 1 segundo
   *[other] { $seconds } segundos
    }.
error-cross-site = Formulario de otro sitio
error-cross-site-detail = Por seguridad, solo aceptamos formularios enviados desde nuestras propias páginas. Abre el formulario aquí y envíalo de nuevo.
error-no-edit-session = Necesitas el enlace secreto
error-no-edit-session-detail = Para editar este encuentro, abre el enlace secreto que apareció cuando se publicó. Empieza con /events/edit/ y puede estar en tu correo o en tus notas.
error-unauthorized = Solo para quienes administran este sitio
error-unauthorized-detail = Entra con el ADMIN_TOKEN como contraseña. El nombre de usuario puede ser cualquiera.
error-unavailable = Ya volvemos
error-unavailable-detail = El sistema no está disponible por el momento. No se perdió nada: intenta de nuevo en unos segundos.
error-overloaded = Demasiada gente al mismo tiempo
error-overloaded-detail = El servidor no puede atender más solicitudes en este momento. No se perdió nada: intenta de nuevo en unos segundos.
error-unsupported-format = Formato no disponible
error-unsupported-format-detail = Usa format=json.
error-internal = Algo salió mal
error-internal-detail = La falla es nuestra y ya quedó registrada. Intenta de nuevo dentro de un rato.

parameter-idempotency-key = Usa de 16 a 255 caracteres ASCII visibles.
parameter-when = Usa all, upcoming o past.
parameter-attendance = Usa uno o más entre in_person, online e hybrid, separados por comas.
parameter-limit = Usa un número entero de 1 a 100.
parameter-offset = Usa un número entero de 0 a 10000.
parameter-offset-with-cursor = Usa cursor u offset, no los dos.
parameter-cursor = Usa el valor que vino en el encabezado Link, con los mismos filtros.
parameter-moment = Usa una fecha (2027-03-18) o una fecha y hora (2027-03-18T19:00:00-03:00).
parameter-number = Usa un número entero.
parameter-id-or-source = Indica id o source.
parameter-after = Usa el id del último encuentro recibido.

# Errors of form fields. The keys end with the error codes of the API.
field-error-required = Completa este campo.
field-error-not-an-object = El cuerpo debe ser un objeto JSON.
field-error-not-text = Debe ser un texto.
field-error-not-texts = Debe ser una lista de textos.
field-error-too-long = Usa hasta { $max } caracteres.
field-error-too-many = Usa hasta { $max } elementos.
field-error-line-break = Escribe en una sola línea.
field-error-control-character = Quita los caracteres de control.
field-error-date-format = Escribe la fecha y la hora como 2027-03-18T19:00, o con zona horaria: 2027-03-18T19:00:00-03:00.
field-error-date-range = Usa una fecha entre 1970 y 2100.
field-error-time-skipped = Esa hora no existe en esa zona horaria: el reloj se adelanta y se la salta. Elige otra.
field-error-unknown-timezone = Usa una zona horaria de la base IANA, como America/Sao_Paulo.
field-error-ends-before-start = El fin no puede ser antes del inicio.
field-error-ends-too-late = El fin puede ser hasta { $days } días después del inicio.
field-error-not-a-choice = Usa uno de estos valores: { $allowed }.
field-error-denied = Este sitio no acepta “{ $word }”.
field-error-not-a-url = Usa una dirección completa, que empiece con http:// o https://.
