# Dates. The day of the month is passed as a number, so that the first can be an ordinal.
day = { $weekday }, { $day } de { $month } de { $year }
hour = { $hour }:00
hour-and-minutes = { $hour }:{ $minutes }
date-time = { $day }, { $time } ({ $zone })
ends-same-day = hasta las { $time }
ends-another-day = hasta el { $day }, { $time }
weekday-1 = lunes
weekday-2 = martes
weekday-3 = miércoles
weekday-4 = jueves
weekday-5 = viernes
weekday-6 = sábado
weekday-7 = domingo
weekday-short-1 = lun
weekday-short-2 = mar
weekday-short-3 = mié
weekday-short-4 = jue
weekday-short-5 = vie
weekday-short-6 = sáb
weekday-short-7 = dom
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
month-short-1 = ene
month-short-2 = feb
month-short-3 = mar
month-short-4 = abr
month-short-5 = may
month-short-6 = jun
month-short-7 = jul
month-short-8 = ago
month-short-9 = sep
month-short-10 = oct
month-short-11 = nov
month-short-12 = dic

# Time until or since an event, in calendar days of its time zone
at-time = { $hour ->
        [1] a la
       *[other] a las
    } { $time }
today-at = hoy { $at }
tomorrow-at = mañana { $at }
starts-in-minutes = { $count ->
        [one] empieza en { $count } minuto
       *[other] empieza en { $count } minutos
    }
happening-now = en curso ahora
has-started = ya empezó
earlier-today = hoy, más temprano
yesterday = ayer
in-days = { $count ->
        [one] dentro de { $count } día
       *[other] dentro de { $count } días
    }
in-weeks = { $count ->
        [one] dentro de { $count } semana
       *[other] dentro de { $count } semanas
    }
in-months = { $count ->
        [one] dentro de { $count } mes
       *[other] dentro de { $count } meses
    }
in-years = { $count ->
        [one] dentro de { $count } año
       *[other] dentro de { $count } años
    }
days-ago = { $count ->
        [one] hace { $count } día
       *[other] hace { $count } días
    }
weeks-ago = { $count ->
        [one] hace { $count } semana
       *[other] hace { $count } semanas
    }
months-ago = { $count ->
        [one] hace { $count } mes
       *[other] hace { $count } meses
    }
years-ago = { $count ->
        [one] hace { $count } año
       *[other] hace { $count } años
    }
