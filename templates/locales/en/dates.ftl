# Dates. The day of the month is passed as a number, so that the first can be an ordinal.
day = { $weekday }, { $day } { $month } { $year }
hour = { $hour }:00
hour-and-minutes = { $hour }:{ $minutes }
date-time = { $day }, { $time } ({ $zone })
ends-same-day = until { $time }
ends-another-day = until { $day }, { $time }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

# Time until or since an event, in calendar days of its time zone
at-time = { $hour ->
       *[other] at
    } { $time }
today-at = today { $at }
tomorrow-at = tomorrow { $at }
starts-in-minutes = { $count ->
        [one] starts in { $count } minute
       *[other] starts in { $count } minutes
    }
happening-now = happening now
has-started = has started
earlier-today = earlier today
yesterday = yesterday
in-days = { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
in-weeks = { $count ->
        [one] in { $count } week
       *[other] in { $count } weeks
    }
in-months = { $count ->
        [one] in { $count } month
       *[other] in { $count } months
    }
in-years = { $count ->
        [one] in { $count } year
       *[other] in { $count } years
    }
days-ago = { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
weeks-ago = { $count ->
        [one] { $count } week ago
       *[other] { $count } weeks ago
    }
months-ago = { $count ->
        [one] { $count } month ago
       *[other] { $count } months ago
    }
years-ago = { $count ->
        [one] { $count } year ago
       *[other] { $count } years ago
    }
