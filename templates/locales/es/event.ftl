# An event
untitled = (sin título)
when-label = Cuándo
where-label = Dónde
organizer-label = Quién organiza
technologies-label = Tecnologías
link-label = Página del encuentro
description-label = Sobre el encuentro
over = Ya pasó
attendance-in-person = Presencial
attendance-online = En línea
attendance-hybrid = Híbrido
status-scheduled = Confirmado
status-postponed = Aplazado
status-cancelled = Cancelado
postponed-notice = Este encuentro se aplazó. Consulta la nueva fecha con quienes lo organizan.
cancelled-notice = Este encuentro se canceló.
