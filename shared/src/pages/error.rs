//! The page that says why there is no other: not found, not allowed, away, broken.

use serde::Serialize;

use super::{i18n::Lang, view::Page};

/// An error in the visitor's words.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// What to do about it.
    pub detail: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error";
    const PRIVATE: bool = true;

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.title.clone())
    }
}
