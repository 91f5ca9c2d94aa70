//! `GET /events/{id}/created`: shows the secret edit link of an event to its owner.

use chrono::TimeDelta;
use serde::Serialize;

use super::{
    external_links::{self, percent_encode},
    i18n::Lang,
    page::Page,
    summary::EventSummary,
    view::View,
};
use crate::{
    domain::{EditToken, Event},
    routes::links,
};

/// Period after its publication in which an event counts as new.
const NEW_EVENT_PERIOD: TimeDelta = TimeDelta::minutes(10);

/// The page with the secret edit link of an event.
#[derive(Debug, Serialize)]
pub struct CreatedPage {
    event: EventSummary,
    /// Whether the event was published within the last 10 minutes; otherwise the owner opened the page again later.
    is_new: bool,
    public_url: String,
    edit_url: String,
    /// A `mailto:` URL of a message with the links to the event.
    mail_href: String,
    /// A `data:` URL of a text file with the links to the event.
    text_href: String,
}

impl CreatedPage {
    /// Creates the page for the owner of `event`, whose edit token is `token`.
    #[must_use]
    pub fn new(event: &Event, token: &EditToken, view: &View) -> Self {
        let summary = EventSummary::new(event, view);
        let public_url = external_links::public_url(event, view);
        let edit_url = format!("{}{}", view.base_url, links::edit_link(token.expose()));
        let title = ("title", summary.title.as_str().into());
        let subject = view.lang.text_with("mail-subject", [title.clone()]);
        let body = view.lang.text_with(
            "mail-body",
            [
                title,
                ("public", public_url.as_str().into()),
                ("edit", edit_url.as_str().into()),
            ],
        );
        let (subject, body) = (encode_mail_text(&subject), encode_mail_text(&body));
        Self {
            is_new: view.now - event.created_at < NEW_EVENT_PERIOD,
            mail_href: format!("mailto:?subject={subject}&body={body}"),
            text_href: format!("data:text/plain;charset=utf-8,{body}"),
            public_url,
            edit_url,
            event: summary,
        }
    }
}

/// Percent-encodes `text` for a `mailto` URL (RFC 6068 §2): a space becomes `%20`, a line break `%0D%0A`.
fn encode_mail_text(text: &str) -> String {
    percent_encode(&text.replace('\n', "\r\n"))
}

impl Page for CreatedPage {
    const TEMPLATE: &'static str = "created";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        let key = if self.is_new {
            "created-title"
        } else {
            "secret-title"
        };
        Some(lang.text(key))
    }
}
