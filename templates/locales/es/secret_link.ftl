# The page with the secret edit link, and the list of events stored in the browser
created-done = Ya está publicado
created-title = ¡Encuentro publicado!
created-lead = Guarda ahora el enlace secreto de abajo: es la única forma de editar o eliminar este encuentro. No hay cuenta ni contraseña para recuperarlo.
secret-title = Enlace secreto del encuentro
secret-label = Enlace secreto de edición
secret-warning = Este no es el enlace para compartir. Quien lo tenga puede editar y eliminar el encuentro.
copy-link = Copiar enlace secreto
copied = ¡Copiado!
download-link = Descargar como .txt
next-steps-title = ¿Y ahora?
repeat-title = ¿Habrá otro?
repeat-detail = Abre el formulario con todo completado: solo falta la nueva fecha.
publish-again = Publicar otro igual
edit-later-title = ¿Cambió algo?
edit-later-detail = Corrígelo, aplázalo o cancélalo cuando quieras. Este navegador puede editarlo durante 30 días; después, usa el enlace secreto.
remember-label = Recordar este encuentro en este navegador
remember-hint = Aquí solo se guardan el título y el número, no el enlace secreto. Así puedes volver a encontrarlo en la página de inicio.
my-events-title = Mis encuentros en este navegador
my-events-forget = Olvidar
my-events-hint = Guardados solo en este navegador: títulos y números, sin el enlace secreto.
my-events-forget-all = Olvidar todos y no guardar más
mail-to-self = Enviar a mi correo
open-edit = Editar ahora
public-label = Enlace público, para compartir
copy-public-link = Copiar enlace público
mail-subject = Enlace de edición: { $title }
mail-body = Encuentro: { $title }
    Enlace secreto de edición (no lo compartas): { $edit }
    Enlace público, para compartir: { $public }

# The page that asks for confirmation before deleting
delete-title = ¿Eliminar este encuentro?
delete-detail = Desaparece de la lista y de las búsquedas para todo el mundo, y el enlace secreto deja de funcionar.
delete-cancel-hint = Si el encuentro no se va a realizar, cambia la situación a “Cancelado”: así se entera quien ya lo vio.
delete-button = Sí, eliminar
delete-cancel = No, conservar
