# Errors: title and detail
error-not-found = Not found
error-not-found-detail = There is nothing at this address. The event may have been deleted, or the link may be incomplete.
error-method-not-allowed = Method not allowed
error-method-not-allowed-detail = This address accepts: { $allow }.
error-bad-parameter = Invalid parameter
error-bad-parameter-detail = The parameter { $name } has an invalid value. { $allowed }
error-bad-json = Malformed JSON
error-bad-json-detail = The request body is not valid JSON: { $parser }.
error-unsupported-media-type = Content type not accepted
error-unsupported-media-type-detail = Send the body as { $expected }, and set Content-Type accordingly.
error-uri-too-long = Address too long
error-uri-too-long-detail = The address, including the search and filters, can be up to 32 KiB.
error-payload-too-large = Content too large
error-payload-too-large-detail = The request body can be up to 256 KiB.
error-incomplete-body = Sending was interrupted
error-incomplete-body-detail = The request body did not arrive in full. Try sending it again.
error-body-timeout = Sending took too long
error-body-timeout-detail = The request body did not arrive in time. Try sending it again.
error-invalid = Invalid fields
error-invalid-detail = One or more fields have invalid values. Correct them and send again.
error-precondition-failed = The event has changed
error-precondition-failed-detail = The event is no longer at the version given in If-Match. Nothing was changed. Read it again and send your change with the current ETag.
error-idempotency-key-reused = Idempotency-Key already used
error-idempotency-key-reused-detail = Another event has already been published with this Idempotency-Key. Nothing was published this time. To publish this one, send it with a new key.
error-idempotency-key-in-use = Still in progress
error-idempotency-key-in-use-detail = A request with the same Idempotency-Key is still in progress. Send it again in a moment.
error-rate-limited = Slow down, please
error-rate-limited-detail = Too many requests came from your network. Try again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
    }.
error-cross-site = Form from another site
error-cross-site-detail = For security, we only accept forms sent from our own pages. Open the form here and send it again.
error-no-edit-session = You need the secret link
error-no-edit-session-detail = To edit this event, open the secret link that was shown when it was published. It starts with /events/edit/ and may be in your email or your notes.
error-unauthorized = Only for the people who run this site
error-unauthorized-detail = Sign in with the ADMIN_TOKEN as the password. The username can be anything.
error-unavailable = We will be right back
error-unavailable-detail = The system is temporarily unavailable. Nothing was lost: try again in a few seconds.
error-overloaded = Too many people at once
error-overloaded-detail = The server cannot handle more requests right now. Nothing was lost: try again in a few seconds.
error-unsupported-format = Format not available
error-unsupported-format-detail = Use format=json.
error-internal = Something went wrong
error-internal-detail = This is our fault, and it has been logged. Try again in a little while.

parameter-idempotency-key = Use 16 to 255 visible ASCII characters.
parameter-when = Use all, upcoming or past.
parameter-attendance = Use one or more of in_person, online and hybrid, separated by commas.
parameter-limit = Use a whole number from 1 to 100.
parameter-offset = Use a whole number from 0 to 10000.
parameter-offset-with-cursor = Use cursor or offset, not both.
parameter-cursor = Use the value that came in the Link header, with the same filters.
parameter-moment = Use a date (2027-03-18) or a date and time (2027-03-18T19:00:00-03:00).
parameter-number = Use a whole number.
parameter-id-or-source = Give id or source.
parameter-after = Use the id of the last event you received.

# Errors of form fields. The keys end with the error codes of the API.
field-error-required = Fill in this field.
field-error-not-an-object = The body must be a JSON object.
field-error-not-text = This must be text.
field-error-not-texts = This must be a list of texts.
field-error-too-long = Use up to { $max } characters.
field-error-too-many = Use up to { $max } items.
field-error-line-break = Write this on a single line.
field-error-control-character = Remove the control characters.
field-error-date-format = Write the date and time as 2027-03-18T19:00, or with a time zone: 2027-03-18T19:00:00-03:00.
field-error-date-range = Use a date between 1970 and 2100.
field-error-time-skipped = This time does not exist in this time zone: the clocks go forward and skip it. Choose another.
field-error-unknown-timezone = Use a time zone from the IANA database, such as America/Sao_Paulo.
field-error-ends-before-start = The end cannot be before the start.
field-error-ends-too-late = The end can be up to { $days } days after the start.
field-error-not-a-choice = Use one of these values: { $allowed }.
field-error-denied = This site does not accept “{ $word }”.
field-error-not-a-url = Use a full address, starting with http:// or https://.
