//! The [`Page`] trait: the template of a page, and the data for the `head` element of its layout.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{alternate::Alternate, i18n::Lang, link_preview::LinkPreview};

/// A page that is rendered from its template, with the fields of the struct and those of the layout.
pub trait Page: Serialize {
    /// File name of the template in `templates/`, without the extension.
    const TEMPLATE: &'static str;
    /// Whether the page is for one visitor only: caches must not store it, and search engines should not index it.
    const PRIVATE: bool = false;
    /// File name in `static/src` of the script of the page.
    const SCRIPT: Option<&'static str> = None;

    /// Returns the title of the page, without the site's name; `None` for the front page.
    fn title(&self, lang: Lang) -> Option<String>;

    /// Returns the path and query of the page, without parameters that it ignores; `None` if they are those of the
    /// request.
    fn path_and_query(&self) -> Option<&str> {
        None
    }

    /// Returns the path and query that search engines should index instead of the requested ones (RFC 6596).
    fn canonical(&self) -> Option<&str> {
        self.path_and_query()
    }

    /// Whether search engines should not index the page.
    fn is_noindex(&self) -> bool {
        Self::PRIVATE
    }

    /// Returns the preview of links to the page; `None` for the preview of the site.
    fn link_preview(&self) -> Option<&LinkPreview> {
        None
    }

    /// Returns the content of the page as JSON-LD; `None` if the page has no such representation.
    fn json_ld(&self) -> Option<&Value> {
        None
    }

    /// Returns links to the content of the page in other formats.
    fn alternates(&self) -> &[Alternate] {
        &[]
    }

    /// Returns the first instant at which a relative date on the page becomes wrong; `None` if it has no relative date.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}
