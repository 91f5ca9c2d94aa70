# The operator's page
operator-title = Recently published
operator-lead = What you hide disappears from public view immediately. Whoever published it can still see and edit it, with a notice.
operator-all = All
operator-only-hidden = Hidden only
operator-hidden = hidden
operator-published = No. { $id }, published on { $moment }
operator-hide = Hide
operator-restore = Show again
operator-source = Source { $source }
operator-source-title = Everything from source { $source }
operator-source-detail = The source is a code for the network of whoever published, kept for 30 days. Without dates, this applies to everything that came from it; with dates (in the time zone { $zone }), to what was published between them.
operator-from = From
operator-to = To
operator-hide-source = Hide everything from this source
operator-restore-source = Show everything again
operator-done = { $count ->
    [0] Nothing changed.
    [one] One event changed.
   *[other] { $count } events changed.
    }
operator-none = Nothing here.
operator-next = Older
