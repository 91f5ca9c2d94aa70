# The page with the secret edit link, and the list of events stored in the browser
created-done = It is live
created-title = Event published!
created-lead = Save the secret link below now: it is the only way to edit or delete this event. There is no account or password to recover it with.
secret-title = Secret link of the event
secret-label = Secret edit link
secret-warning = This is not the link to share. Anyone who has it can edit and delete the event.
copy-link = Copy secret link
copied = Copied!
download-link = Download as .txt
next-steps-title = What next?
repeat-title = Is there another one coming?
repeat-detail = Open the form with everything filled in: only the new date is missing.
publish-again = Publish another like it
edit-later-title = Has something changed?
edit-later-detail = Correct, postpone or cancel it whenever you like. This browser can edit it for 30 days; after that, use the secret link.
remember-label = Remember this event in this browser
remember-hint = Only the title and number are kept here, not the secret link. That way you can find the event again on the home page.
my-events-title = My events in this browser
my-events-forget = Forget
my-events-hint = Kept only in this browser: titles and numbers, without the secret link.
my-events-forget-all = Forget them all and stop remembering
mail-to-self = Send to my email
open-edit = Edit now
public-label = Public link, for sharing
copy-public-link = Copy public link
mail-subject = Edit link: { $title }
mail-body = Event: { $title }
    Secret edit link (do not share): { $edit }
    Public link, for sharing: { $public }

# The page that asks for confirmation before deleting
delete-title = Delete this event?
delete-detail = It will disappear from the list and from searches for everyone, and the secret link will stop working.
delete-cancel-hint = If the event is not going ahead, change its status to “Cancelled” instead: that way, people who have already seen it will know.
delete-button = Yes, delete it
delete-cancel = No, keep it
