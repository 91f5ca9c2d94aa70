# An event
untitled = (untitled)
when-label = When
where-label = Where
organizer-label = Organizer
technologies-label = Technologies
link-label = Event page
description-label = About the event
over = Past event
attendance-in-person = In person
attendance-online = Online
attendance-hybrid = Hybrid
status-scheduled = Confirmed
status-postponed = Postponed
status-cancelled = Cancelled
postponed-notice = This event has been postponed. Check the new date with the organizer.
cancelled-notice = This event has been cancelled.
