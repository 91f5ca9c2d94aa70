//! `GET /events/{id}`: the public page of an event.

use chrono::{DateTime, Utc};
use linkify::{LinkFinder, LinkKind};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{
    alternate::Alternate,
    external_links::{self, CalendarLinks, ShareLinks},
    i18n::Lang,
    link_preview::LinkPreview,
    page::Page,
    relative_time::{Phase, RelativeTime},
    subscription::Subscription,
    summary::{EventSummary, city_path, technology_path},
    view::View,
};
use crate::{
    domain::{Event, Status, is_web_address},
    formats::json_ld::event_json_ld,
    routes::links,
};

/// The public page of an event.
#[derive(Debug, Serialize)]
pub struct DetailPage {
    event: EventSummary,
    phase: PhaseView,
    place: PlaceView,
    /// Name of the event's time zone: a script also shows the start in the visitor's time zone if they differ.
    timezone: &'static str,
    end_iso: Option<String>,
    organizer: Option<String>,
    description: Vec<TextSegment>,
    actions: Actions,
    #[serde(skip)]
    head: Head,
}

/// What the page shows about the event's phase: whether it is upcoming, ongoing, past, postponed or cancelled.
#[derive(Debug, Serialize)]
struct PhaseView {
    /// Suffix of the CSS class for the phase: `coming`, `now`, `over`, `postponed` or `cancelled`.
    css: &'static str,
    /// The time until or since the event as text: `em 3 dias`, `acontecendo agora`, `há 2 semanas`; `None` if it is
    /// postponed or cancelled.
    relative: Option<String>,
    /// Notice above a past, postponed or cancelled event.
    notice: Option<String>,
    /// Links to upcoming events like the event, shown below the notice.
    similar_events: Vec<SimilarEvents>,
    #[serde(skip)]
    valid_until: Option<DateTime<Utc>>,
}

/// A link to a list of upcoming events that are similar to the event on the page.
#[derive(Debug, Serialize)]
struct SimilarEvents {
    text: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct PlaceView {
    city: Option<String>,
    state: Option<String>,
    map: Option<String>,
}

/// Links that open the event's URL, add the event to a calendar, or share it.
#[derive(Debug, Serialize)]
struct Actions {
    url: Option<String>,
    /// The host of the event's `url`.
    url_host: Option<String>,
    /// Links that add the event to a web calendar; `None` if it is past, postponed or cancelled.
    calendars: Option<CalendarLinks>,
    subscription: Subscription,
    shares: ShareLinks,
    public_url: String,
}

/// The data for the `head` element of the page.
#[derive(Debug)]
struct Head {
    path: String,
    alternates: Vec<Alternate>,
    preview: LinkPreview,
    json_ld: Value,
}

impl DetailPage {
    /// Creates the public page of `event`.
    #[must_use]
    pub fn new(event: &Event, view: &View) -> Self {
        let summary = EventSummary::new(event, view);
        let phase = PhaseView::new(event, view);
        let actions = Actions::new(event, &summary, &phase, view);
        let local_end = event.ends_at.map(|end| end.with_timezone(&event.timezone));
        Self {
            head: Head::new(event, &summary.title, &actions.subscription, view),
            phase,
            place: PlaceView::new(event),
            timezone: event.timezone.name(),
            end_iso: local_end.map(|end| end.to_rfc3339()),
            organizer: event.organizer.clone(),
            description: segments(event.description.as_deref().unwrap_or_default()),
            actions,
            event: summary,
        }
    }
}

impl PhaseView {
    fn new(event: &Event, view: &View) -> Self {
        let relative = match event.status {
            Status::Scheduled => Some(RelativeTime::new(view.lang, event, view.now)),
            Status::Postponed | Status::Cancelled => None,
        };
        let phase = relative.as_ref().map(|relative| relative.phase);
        let (css, notice) = match (event.status, phase) {
            (Status::Cancelled, _) => ("cancelled", Some("cancelled-notice")),
            (Status::Postponed, _) => ("postponed", Some("postponed-notice")),
            (Status::Scheduled, Some(Phase::Past)) => ("over", Some("past-notice")),
            (Status::Scheduled, Some(Phase::Ongoing)) => ("now", None),
            (Status::Scheduled, Some(Phase::Upcoming) | None) => ("coming", None),
        };
        Self {
            css,
            notice: notice.map(|key| view.lang.text(key)),
            similar_events: match notice {
                Some(_) => similar_events(event, view.lang),
                None => Vec::new(),
            },
            valid_until: relative.as_ref().map(|relative| relative.valid_until),
            relative: relative.map(|relative| relative.text),
        }
    }
}

/// Returns links to the upcoming events about the first technology of `event`, and in its city.
fn similar_events(event: &Event, lang: Lang) -> Vec<SimilarEvents> {
    let technology = event.technologies.first().map(|name| SimilarEvents {
        text: lang.text_with("upcoming-about", [("technology", name.as_str().into())]),
        href: technology_path(name),
    });
    let state = event.state.as_deref().unwrap_or_default();
    let city = event.city.as_ref().map(|name| SimilarEvents {
        text: lang.text_with("upcoming-in", [("city", name.as_str().into())]),
        href: city_path(state, name),
    });
    technology.into_iter().chain(city).collect()
}

impl PlaceView {
    fn new(event: &Event) -> Self {
        // The location already contains city and state derived from it.
        let (city, state) = if event.city_is_from_location() {
            (None, None)
        } else {
            (event.city.clone(), event.state.clone())
        };
        Self {
            city,
            state,
            map: external_links::map_url(event),
        }
    }
}

impl Actions {
    fn new(event: &Event, summary: &EventSummary, phase: &PhaseView, view: &View) -> Self {
        let title = &summary.title;
        let public_url = external_links::public_url(event, view);
        let calendar = links::event_calendar(event.id);
        let text = view.lang.text_with(
            "share-text",
            [
                ("title", title.as_str().into()),
                ("start", summary.start.text.as_str().into()),
            ],
        );
        let is_expected = phase.notice.is_none();
        Self {
            url_host: event.url.as_deref().and_then(display_host),
            url: event.url.clone(),
            calendars: is_expected.then(|| CalendarLinks::new(event, title, view)),
            subscription: Subscription::to_calendar(&calendar, title, view),
            shares: ShareLinks::new(&public_url, &text),
            public_url,
        }
    }
}

/// Returns the host of `url` without `www.`.
fn display_host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

impl Head {
    fn new(event: &Event, title: &str, subscription: &Subscription, view: &View) -> Self {
        let preview = LinkPreview::of_event(event, title, view);
        let mut alternates = vec![Alternate::calendar(&subscription.url, title)];
        alternates.extend(Alternate::feeds("", &view.app_title, view));
        alternates.push(Alternate::oembed(event, title, view));
        Self {
            path: links::event(event.id),
            alternates,
            json_ld: event_json_ld(event, &preview, view),
            preview,
        }
    }
}

/// A part of a description: text, or the URL of a web page.
#[derive(Debug, PartialEq, Serialize)]
struct TextSegment {
    text: String,
    is_link: bool,
}

/// Splits `text` at the http and https URLs in it. There is no other markup in descriptions.
fn segments(text: &str) -> Vec<TextSegment> {
    LinkFinder::new()
        .kinds(&[LinkKind::Url])
        .spans(text)
        .map(|span| TextSegment {
            text: span.as_str().to_owned(),
            is_link: span.kind().is_some() && is_web_address(span.as_str()),
        })
        .collect()
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "detail";
    const SCRIPT: Option<&'static str> = Some("event.js");

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.event.title.clone())
    }

    fn path_and_query(&self) -> Option<&str> {
        Some(&self.head.path)
    }

    fn link_preview(&self) -> Option<&LinkPreview> {
        Some(&self.head.preview)
    }

    fn json_ld(&self) -> Option<&Value> {
        Some(&self.head.json_ld)
    }

    fn alternates(&self) -> &[Alternate] {
        &self.head.alternates
    }

    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.phase.valid_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::{sample_event, sample_view};

    #[test]
    fn a_page_expires_when_its_relative_date_becomes_wrong() {
        let expires_at = |event: &Event| {
            let view = sample_view("2027-03-16T12:00:00Z");
            DetailPage::new(event, &view).expires_at()
        };
        let midnight = "2027-03-17T03:00:00Z".parse().unwrap();
        assert_eq!(expires_at(&sample_event()), Some(midnight));
        let cancelled = Event {
            status: Status::Cancelled,
            ..sample_event()
        };
        assert_eq!(expires_at(&cancelled), None, "it has no relative date");
    }

    #[test]
    fn only_http_urls_become_links() {
        let marked = |text: &str| -> Vec<String> {
            let mark = |segment: TextSegment| match segment.is_link {
                true => format!("[{}]", segment.text),
                false => segment.text,
            };
            segments(text).into_iter().map(mark).collect()
        };
        assert_eq!(
            marked("Veja https://example.org/a?b=c&d (ou http://x.example/ação)."),
            [
                "Veja ",
                "[https://example.org/a?b=c&d]",
                " (ou ",
                "[http://x.example/ação]",
                ")."
            ]
        );
        for text in [
            "javascript:alert(1)",
            "JavaScript://x/%0aalert(1)",
            "data:text/html,x",
            "mailto:a@b.example",
            "ftp://x.example/y",
            "www.example.org",
            "<a href=x>",
            "",
        ] {
            let marked = marked(text);
            assert_eq!(marked.concat(), text, "nothing is lost");
            assert!(
                !marked.iter().any(|segment| segment.starts_with('[')),
                "{text}"
            );
        }
    }
}
