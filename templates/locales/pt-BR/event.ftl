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
