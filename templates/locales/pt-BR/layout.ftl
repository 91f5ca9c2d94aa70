# The layout of every page
skip-to-content = Pular para o conteúdo
tagline = Encontros de tecnologia, publicados por quem os faz.
publish-event = Publicar encontro
publish-short = Publicar
all-events = Todos os encontros
footer-api = API em JSON
footer-export = Todos os dados
switch-theme = Alternar entre claro e escuro
languages-label = Idiomas
footer-docs = Documentação da API
