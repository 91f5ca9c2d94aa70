# The forms that publish and edit an event
create-title = Publish an event
create-lead = It takes a minute and needs no account. Only the first three fields are required.
create-copied = Copied from “{ $title }”. Only the date is missing.
already-published-title = You have already published this form
already-published-detail = The event is live, and nothing was published twice. What you typed just now is below.
already-published-edit = Edit the published event
already-published-another = To publish what is below as another event, check the fields and send it again.
rate-limit-title = Wait a little before publishing
rate-limit-detail = Many events came from your network in a short time. Nothing you typed was lost: send it again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
    }.
spam-check-title = Check it and send once more
spam-check-honeypot = A field that people cannot see was filled in, which is usually done by a bot. We have cleared it, and nothing you typed was lost.
spam-check-too-soon = The form was sent too quickly to have been filled in by a person. Nothing you typed was lost.
spam-check-no-token = This form was opened a long time ago or did not come from this page. Nothing you typed was lost.
honeypot-label = Leave this field empty
draft-stored = What you type is kept only in this browser, until you publish.
draft-restored = Draft restored, from { $when }. It is only in this browser.
draft-discard = Discard draft
create-button = Publish event
edit-title = Edit event
edit-banner-title = You are on the edit page
edit-banner-detail = What you save here is shown to everyone. Do not share the edit link: to spread the word, use the public page.
conflict-title = The event changed while you were editing
conflict-detail = Someone saved another version after you opened this form. Nothing you typed was lost: it is below. Compare the two and save again. What is in the form will replace what was saved.
conflict-stored = Saved version
conflict-typed = You typed
conflict-empty = (empty)
hidden-title = This event is hidden
hidden-detail = The people who run this site have hidden it from the public. Only people with the secret link can see it. You can keep editing it: what you save is kept, and will appear if the event is shown again.
edit-button = Save changes
see-public-page = See the public page
show-edit-link = See the secret link
more-actions = More actions
rotate-title = Replace the secret link
rotate-detail = Has the edit link leaked? Generate a new one: the old one stops working immediately.
rotate-button = Generate a new link
delete-link = Delete event
delete-hint = It will disappear from the list for everyone. We ask once more first.
required-note = Fields marked with * are required.
count-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
    }
count-over = { $count } too many
more-details = More details (optional)
more-details-hint = Description, technologies, end, format, organizer, link
group-about = About the event
group-when = When
group-where = Where and how
group-where-hint = If you leave them empty, city and state are taken from the location when it ends in “City - UF”, where UF is the two-letter code of a Brazilian state, such as PE.
group-contact = Who organizes it and where to find out more
form-errors-title = Fix these to continue
form-errors-page-title = Error: { $title }
field-title = Title
field-title-hint = Up to 200 characters.
field-date = Date and time
date-preview = It will read like this: { $date-time }
change-zone = Change the time zone, in “More details”
field-location = Location
field-location-hint = For example, Porto Digital, Recife - PE. If it is online, write “Online”.
field-description = Description
field-description-hint = Plain text, up to 10,000 characters. Line breaks are kept.
field-end_date = End
field-end_date-hint = Optional. In the same time zone as the start.
field-timezone = Time zone
field-city = City
field-state = State
field-attendance = Format
field-status = Status
field-url = Link
field-url-hint = Registration or event page, starting with https://
field-organizer = Organizer
field-organizer-hint = The community or people organizing it.
field-technologies = Technologies
field-technologies-hint = Separated by commas. For example: Rust, PostgreSQL, C++
