# The layout of every page
skip-to-content = Saltar al contenido
tagline = Encuentros de tecnología, publicados por quienes los hacen.
publish-event = Publicar encuentro
publish-short = Publicar
all-events = Todos los encuentros
footer-api = API JSON
footer-export = Todos los datos
switch-theme = Cambiar entre claro y oscuro
languages-label = Idiomas
footer-docs = Documentación de la API
