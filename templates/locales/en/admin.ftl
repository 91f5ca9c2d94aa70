# The operator's pages
admin-title = Recently published
admin-lead = What you hide disappears from public view immediately. The publisher can still see and edit it, with a notice.
admin-all = All
admin-only-hidden = Hidden only
admin-hidden = hidden
admin-published = No. { $id }, published on { $published }
admin-hide = Hide
admin-restore = Show again
admin-source = Source { $source }
admin-source-title = Everything from source { $source }
admin-source-detail = The source is a code for the publisher’s network, stored for 30 days. Without dates, this applies to everything that came from it; with dates (in the time zone { $zone }), to what was published between them.
admin-from = From
admin-to = To
admin-hide-source = Hide everything from this source
admin-restore-source = Show everything again
admin-result = { $count ->
    [0] Nothing changed.
    [one] One event changed.
   *[other] { $count } events changed.
    }
admin-none = Nothing here.
admin-next = Older
