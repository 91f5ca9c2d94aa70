# The layout of every page
skip-to-content = Skip to content
tagline = Tech events, published by the people who run them.
publish-event = Publish event
publish-short = Publish
all-events = All events
footer-api = JSON API
footer-export = All the data
switch-theme = Switch between light and dark
languages-label = Languages
footer-docs = API documentation
