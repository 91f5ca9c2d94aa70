//! The pages of one event: its public page, the page with its secret link, the page that asks before it is deleted.

use chrono::{DateTime, TimeDelta, Utc};
use linkify::{LinkFinder, LinkKind};
use serde::Serialize;
use serde_json::Value;
use url::{Url, form_urlencoded::byte_serialize};

use super::{
    dates::{self, Phase},
    external_links::{self, Calendars, Shares},
    i18n::Lang,
    preview::{self, Preview},
    subscription::{Alternate, Subscription, feeds},
    view::{Page, View},
};
use crate::{
    domain::EditToken,
    domain::{Attendance, Event, Status, is_web_address},
    routes::links,
};

/// What every page that names an event says of it.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    id: i64,
    title: String,
    /// `quinta-feira, 18 de março de 2027, 19h (horário de Brasília)`.
    start: String,
    /// When it ends, in words.
    end: Option<String>,
    /// The start with its offset (RFC 3339), for programs that read pages.
    start_iso: String,
    day: String,
    month: String,
    weekday: String,
    time: String,
    location: String,
    attendance: &'static str,
    attendance_words: String,
    /// Present where it is not as announced: `postponed` or `cancelled`.
    status: Option<&'static str>,
    status_words: Option<String>,
    technologies: Vec<TechnologyLink>,
}

#[derive(Debug, Serialize)]
struct TechnologyLink {
    name: String,
    href: String,
}

impl Summary {
    pub(crate) fn of(event: &Event, view: &View) -> Self {
        let (lang, wall) = (view.lang, event.date());
        let status = match event.status {
            Status::Scheduled => None,
            Status::Postponed | Status::Cancelled => Some(event.status.as_str()),
        };
        Self {
            id: event.id,
            title: title_of(event, view),
            start: dates::start_words(lang, event),
            end: dates::end_words(lang, event),
            start_iso: event.starts_at.with_timezone(&event.timezone).to_rfc3339(),
            day: wall.format("%-d").to_string(),
            month: dates::short_month(lang, wall),
            weekday: dates::short_weekday(lang, wall),
            time: dates::time_words(lang, wall),
            location: event.location.clone(),
            attendance: event.attendance.as_str(),
            attendance_words: lang.text(attendance_key(event.attendance)),
            status,
            status_words: status.map(|status| lang.text(&format!("status-{status}"))),
            technologies: event
                .technologies
                .iter()
                .map(|name| technology_link(name))
                .collect(),
        }
    }
}

/// Events adopted from the old system may have no title at all, and a link needs words.
pub(crate) fn title_of(event: &Event, view: &View) -> String {
    if event.title.trim().is_empty() {
        view.lang.text("untitled")
    } else {
        event.title.clone()
    }
}

pub(crate) fn attendance_key(attendance: Attendance) -> &'static str {
    match attendance {
        Attendance::InPerson => "attendance-in-person",
        Attendance::Online => "attendance-online",
        Attendance::Hybrid => "attendance-hybrid",
    }
}

fn technology_link(name: &str) -> TechnologyLink {
    TechnologyLink {
        name: name.to_owned(),
        href: technology_address(name),
    }
}

/// Events about this technology.
fn technology_address(name: &str) -> String {
    links::technology(name).unwrap_or_else(|| wish("technology", name))
}

/// The front page with what suits this wish.
fn wish(name: &str, value: &str) -> String {
    let value: String = byte_serialize(value.as_bytes()).collect();
    format!("/?{name}={value}")
}

/// A piece of a description: text, or the address of a page.
#[derive(Debug, PartialEq, Serialize)]
struct Piece {
    text: String,
    is_link: bool,
}

/// The text with the web addresses in it told apart; nothing else of it means anything.
fn pieces(text: &str) -> Vec<Piece> {
    LinkFinder::new()
        .kinds(&[LinkKind::Url])
        .spans(text)
        .map(|span| Piece {
            text: span.as_str().to_owned(),
            is_link: span.kind().is_some() && is_web_address(span.as_str()),
        })
        .collect()
}

/// `GET /events/{id}`.
#[derive(Debug, Serialize)]
pub struct DetailPage {
    event: Summary,
    /// `em 3 dias`, `acontecendo agora`, `há 2 semanas`; nothing where its date stands no more.
    relative: Option<String>,
    /// The first instant at which `relative` is not true any more.
    #[serde(skip)]
    relative_until: Option<DateTime<Utc>>,
    /// `coming`, `now`, `over`, `postponed` or `cancelled`.
    standing: &'static str,
    /// What to know before all else, where it is too late or not as announced.
    notice: Option<String>,
    /// Where another event like it can be found instead.
    alike: Vec<AlikeLink>,
    description: Vec<Piece>,
    url: Option<String>,
    /// Whose page the link opens.
    url_host: Option<String>,
    organizer: Option<String>,
    city: Option<String>,
    state: Option<String>,
    /// The zone and the end, for the clock of a visitor who lives by another.
    timezone: &'static str,
    end_iso: Option<String>,
    map: Option<String>,
    /// For what is still to happen as announced.
    calendars: Option<Calendars>,
    /// Its calendar, which goes on changing with it.
    subscription: Subscription,
    #[serde(skip)]
    alternates: Vec<Alternate>,
    shares: Shares,
    public_url: String,
    #[serde(skip)]
    address: String,
    #[serde(skip)]
    preview: Preview,
    #[serde(skip)]
    data: Value,
}

#[derive(Debug, Serialize)]
struct AlikeLink {
    words: String,
    href: String,
}

impl DetailPage {
    /// The public page of this event.
    #[must_use]
    pub fn new(event: &Event, view: &View) -> Self {
        // A place that already says its city and state does not say them twice.
        let (city, state) = if event.city_is_from_location() {
            (None, None)
        } else {
            (event.city.clone(), event.state.clone())
        };
        let summary = Summary::of(event, view);
        let relative = match event.status {
            Status::Scheduled => Some(dates::relative(view.lang, event, view.now)),
            Status::Postponed | Status::Cancelled => None,
        };
        let phase = relative.as_ref().map(|relative| relative.phase);
        let (standing, notice) = match (event.status, phase) {
            (Status::Cancelled, _) => ("cancelled", Some("cancelled-notice")),
            (Status::Postponed, _) => ("postponed", Some("postponed-notice")),
            (Status::Scheduled, Some(Phase::Over)) => ("over", Some("over-notice")),
            (Status::Scheduled, Some(Phase::Now)) => ("now", None),
            (Status::Scheduled, Some(Phase::Coming) | None) => ("coming", None),
        };
        let stands = notice.is_none();
        let public_url = external_links::public_url(event, view);
        let calendar = format!("/events/{}/event.ics", event.id);
        let subscription = Subscription::new(&calendar, &summary.title, view);
        let mut alternates = vec![subscription.alternate(&summary.title)];
        alternates.extend(feeds("", &view.app_title, view));
        alternates.push(Alternate::oembed(
            &summary.title,
            view.oembed_address(event),
        ));
        let words = view.lang.text_with(
            "share-words",
            [
                ("title", summary.title.as_str().into()),
                ("start", summary.start.as_str().into()),
            ],
        );
        let preview = Preview::of_event(event, &summary.title, view);
        Self {
            address: format!("/events/{}", event.id),
            data: preview::event_data(event, &preview, view),
            preview,
            relative_until: relative.as_ref().map(|relative| relative.until),
            relative: relative.map(|relative| relative.words),
            standing,
            notice: notice.map(|key| view.lang.text(key)),
            alike: if stands {
                Vec::new()
            } else {
                alike(event, view.lang)
            },
            description: pieces(event.description.as_deref().unwrap_or_default()),
            url_host: event.url.as_deref().and_then(host),
            url: event.url.clone(),
            organizer: event.organizer.clone(),
            city,
            state,
            timezone: event.timezone.name(),
            end_iso: event
                .ends_at
                .map(|end| end.with_timezone(&event.timezone).to_rfc3339()),
            map: external_links::map(event),
            calendars: stands.then(|| Calendars::of(event, &summary.title, view)),
            alternates,
            subscription,
            shares: Shares::of(&public_url, &words),
            public_url,
            event: summary,
        }
    }
}

/// Events to come about the same, and in the same city.
fn alike(event: &Event, lang: Lang) -> Vec<AlikeLink> {
    let technology = event.technologies.first().map(|name| AlikeLink {
        words: lang.text_with("upcoming-about", [("technology", name.as_str().into())]),
        href: technology_address(name),
    });
    let state = event.state.as_deref().unwrap_or_default();
    let city = event.city.as_ref().map(|name| AlikeLink {
        words: lang.text_with("upcoming-in", [("city", name.as_str().into())]),
        href: links::city(state, name).unwrap_or_else(|| wish("city", name)),
    });
    technology.into_iter().chain(city).collect()
}

/// The host of an address, as people read it.
fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "detail";
    const SCRIPT: Option<&'static str> = Some("event.js");

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.event.title.clone())
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }

    fn preview(&self) -> Option<&Preview> {
        Some(&self.preview)
    }

    fn data(&self) -> Option<&Value> {
        Some(&self.data)
    }

    fn alternates(&self) -> &[Alternate] {
        &self.alternates
    }

    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.relative_until
    }
}

/// How long it is news that an event is published.
const NEWS: TimeDelta = TimeDelta::minutes(10);

/// `GET /events/{id}/created`: the secret link, more clearly than anything else.
#[derive(Debug, Serialize)]
pub struct CreatedPage {
    event: Summary,
    /// Whether it is new, rather than looked up again.
    fresh: bool,
    public_url: String,
    edit_url: String,
    /// A `mailto:` that sends the secret link to oneself.
    mail_href: String,
    /// The same words as a text to keep.
    text_href: String,
}

impl CreatedPage {
    /// The page for whoever holds this event's token.
    #[must_use]
    pub fn new(event: &Event, token: &EditToken, view: &View) -> Self {
        let public_url = format!("{}/events/{}", view.base_url, event.id);
        let edit_url = format!("{}/events/edit/{}", view.base_url, token.expose());
        let title = title_of(event, view);
        let subject = view
            .lang
            .text_with("mail-subject", [("title", title.as_str().into())]);
        let body = view.lang.text_with(
            "mail-body",
            [
                ("title", title.as_str().into()),
                ("public", public_url.as_str().into()),
                ("edit", edit_url.as_str().into()),
            ],
        );
        let mail_href = format!(
            "mailto:?subject={}&body={}",
            percent_encoded(&subject),
            percent_encoded(&body)
        );
        let text_href = format!("data:text/plain;charset=utf-8,{}", percent_encoded(&body));
        Self {
            event: Summary::of(event, view),
            fresh: view.now - event.created_at < NEWS,
            public_url,
            edit_url,
            mail_href,
            text_href,
        }
    }
}

/// Percent-encoded as `mailto` wants it (RFC 6068 §2): a space is `%20`, a line break `%0D%0A`.
fn percent_encoded(text: &str) -> String {
    byte_serialize(text.replace('\n', "\r\n").as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

impl Page for CreatedPage {
    const TEMPLATE: &'static str = "created";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        let key = if self.fresh {
            "created-title"
        } else {
            "secret-title"
        };
        Some(lang.text(key))
    }
}

/// `GET /events/{id}/delete`: asks once more.
#[derive(Debug, Serialize)]
pub struct DeletePage {
    event: Summary,
}

impl DeletePage {
    /// The question about this event.
    #[must_use]
    pub fn new(event: &Event, view: &View) -> Self {
        Self {
            event: Summary::of(event, view),
        }
    }
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "delete";
    const PRIVATE: bool = true;

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("delete-title"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::pages::view::ExpiresAt;

    /// An event of one evening in São Paulo.
    pub(crate) fn stored() -> Event {
        Event {
            id: 42,
            uid: uuid::Uuid::nil(),
            title: "Rust & Café".to_owned(),
            description: None,
            starts_at: "2027-03-18T22:00:00Z".parse().unwrap(),
            ends_at: None,
            timezone: chrono_tz::America::Sao_Paulo,
            location: "Porto Digital, Recife - PE".to_owned(),
            city: Some("Recife".to_owned()),
            state: Some("PE".to_owned()),
            attendance: Attendance::InPerson,
            status: Status::Scheduled,
            url: None,
            organizer: None,
            technologies: Vec::new(),
            version: 1,
            hidden: false,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn view(now: &str) -> View {
        View {
            lang: Lang::PtBr,
            lang_chosen: false,
            here: None,
            now: now.parse().unwrap(),
            app_title: "Encontros Tech".to_owned(),
            base_url: "https://board.example".to_owned(),
        }
    }

    #[test]
    fn a_page_tells_how_long_it_is_true() {
        let fresh = |event: &Event| {
            let view = view("2027-03-16T12:00:00Z");
            let shown = view.show(&DetailPage::new(event, &view)).unwrap();
            shown.extensions().get::<ExpiresAt>().copied()
        };
        let midnight = "2027-03-17T03:00:00Z".parse().unwrap();
        assert_eq!(fresh(&stored()), Some(ExpiresAt(midnight)));
        let cancelled = Event {
            status: Status::Cancelled,
            ..stored()
        };
        assert_eq!(fresh(&cancelled), None, "it names no distance");
    }

    #[test]
    fn only_web_addresses_become_links() {
        let shown = |text: &str| -> Vec<String> {
            let told = pieces(text).into_iter();
            told.map(|piece| {
                if piece.is_link {
                    format!("[{}]", piece.text)
                } else {
                    piece.text
                }
            })
            .collect()
        };
        assert_eq!(
            shown("Veja https://example.org/a?b=c&d (ou http://x.example/ação)."),
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
            assert_eq!(shown(text).concat(), text, "nothing is lost");
            assert!(
                !shown(text).iter().any(|piece| piece.starts_with('[')),
                "{text}"
            );
        }
    }
}
