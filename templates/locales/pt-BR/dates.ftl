# Dates. The day of the month is passed as a number, so that the first can be an ordinal.
day = { $weekday }, { $day ->
        [1] 1º
       *[other] { $day }
    } de { $month } de { $year }
hour = { $hour }h
hour-and-minutes = { $hour }h{ $minutes }
date-time = { $day }, { $time } ({ $zone })
ends-same-day = até { $time }
ends-another-day = até { $day }, { $time }
weekday-1 = segunda-feira
weekday-2 = terça-feira
weekday-3 = quarta-feira
weekday-4 = quinta-feira
weekday-5 = sexta-feira
weekday-6 = sábado
weekday-7 = domingo
weekday-short-1 = seg
weekday-short-2 = ter
weekday-short-3 = qua
weekday-short-4 = qui
weekday-short-5 = sex
weekday-short-6 = sáb
weekday-short-7 = dom
month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
month-short-1 = jan
month-short-2 = fev
month-short-3 = mar
month-short-4 = abr
month-short-5 = mai
month-short-6 = jun
month-short-7 = jul
month-short-8 = ago
month-short-9 = set
month-short-10 = out
month-short-11 = nov
month-short-12 = dez

# Time until or since an event, in calendar days of its time zone
at-time = { $hour ->
        [0] à
        [1] à
       *[other] às
    } { $time }
today-at = hoje, { $at }
tomorrow-at = amanhã, { $at }
starts-in-minutes = { $count ->
        [one] começa em { $count } minuto
       *[other] começa em { $count } minutos
    }
happening-now = acontecendo agora
has-started = já começou
earlier-today = hoje, mais cedo
yesterday = ontem
in-days = { $count ->
        [one] em { $count } dia
       *[other] em { $count } dias
    }
in-weeks = { $count ->
        [one] em { $count } semana
       *[other] em { $count } semanas
    }
in-months = { $count ->
        [one] em { $count } mês
       *[other] em { $count } meses
    }
in-years = { $count ->
        [one] em { $count } ano
       *[other] em { $count } anos
    }
days-ago = { $count ->
        [one] há { $count } dia
       *[other] há { $count } dias
    }
weeks-ago = { $count ->
        [one] há { $count } semana
       *[other] há { $count } semanas
    }
months-ago = { $count ->
        [one] há { $count } mês
       *[other] há { $count } meses
    }
years-ago = { $count ->
        [one] há { $count } ano
       *[other] há { $count } anos
    }
