//! The [`Page`] trait: a page's template, and what the layout around it shows in the head.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{alternate::Alternate, i18n::Lang, link_preview::LinkPreview};

/// A page. Its template sees the fields of the struct and those of the layout.
pub trait Page: Serialize {
    /// The template's file name in `templates/`, without the extension.
    const TEMPLATE: &'static str;
    /// Whether only one visitor may see it, so that no cache may store it.
    const PRIVATE: bool = false;
    /// The file name in `static/src` of the page's own script.
    const SCRIPT: Option<&'static str> = None;

    /// The title, without the site's name; `None` for the front page.
    fn title(&self, lang: Lang) -> Option<String>;

    /// The page's path and query without parameters that it ignores; `None` for those of the request.
    fn path_and_query(&self) -> Option<&str> {
        None
    }

    /// The path and query that search engines should index instead of the requested ones (RFC 6596).
    fn canonical(&self) -> Option<&str> {
        self.path_and_query()
    }

    /// Whether search engines should not index it.
    fn is_noindex(&self) -> bool {
        Self::PRIVATE
    }

    /// The preview of links to it, unless it is that of the site.
    fn link_preview(&self) -> Option<&LinkPreview> {
        None
    }

    /// Its content as JSON-LD.
    fn json_ld(&self) -> Option<&Value> {
        None
    }

    /// Its content in other formats.
    fn alternates(&self) -> &[Alternate] {
        &[]
    }

    /// The first instant at which a relative date in it becomes wrong.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}
