# The front page
list-title = Tech events
list-lead = Meetups, workshops and conferences by communities, in Brazil and online. Find yours, or publish one in a minute, with no account.
heading-today = Events today
heading-weekend = Events this weekend
heading-online = Online events
heading-state = Events in { $name } ({ $code })
heading-city = Events in { $city }, { $code }
heading-technology = { $name } events
search-label = Search
search-hint = Title, city, technology…
technology-label = Technology
technology-hint = For example, Rust
search-button = Search
filters-label = Find by date, technology and state
period-label = Period
when-all = All
when-upcoming = Upcoming
when-past = Past
quick-label = When and how
quick-today = Today
quick-weekend = This weekend
quick-month = This month
quick-online = Online
facets-technologies = Technologies
facets-states = States
facet-count = { $count ->
    [one] { $count } event in the next 90 days
   *[other] { $count } events in the next 90 days
    }
active-filters-label = Filters in use
remove-filter = Remove filter:
filter-search = “{ $text }”
filter-technology = Technology: { $name }
filter-city = City: { $name }
filter-state = State: { $name }
filter-from = From { $day }
filter-to = Before { $day }
clear-search = Clear all
upcoming-title = Upcoming events
past-title = Past events
month = { $month } { $year }
events-count = { $count ->
    [0] No events found
    [one] { $count } event
   *[other] { $count } events
    }
first-events-count = The first { $count } events
no-upcoming-events = No events planned for now.
no-results-title = No events found
no-results-detail = Try fewer words, or remove a filter.
empty-place-title = No events in { $place } yet
empty-place-detail = See those you can join from where you are, or publish the first one: it takes a minute and needs no account.
no-events-title = No events yet
no-events-detail = Publish the first one: it takes a minute and needs no account.
see-online = See online events
publish-first = Publish the first one
next-page = Next page
load-more = Show more
loading = Loading…
loading-failed = Could not load more events. Try again.
first-page = Back to the start
pages-label = Pages
deleted-notice = The event has been deleted.
embed-all = See all events
