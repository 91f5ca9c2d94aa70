//! The page that describes an error.

use serde::Serialize;

use super::{i18n::Lang, page::Page};

/// The page that describes an error, in the visitor's language.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// What the visitor can do.
    pub detail: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error";
    const PRIVATE: bool = true;

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.title.clone())
    }
}
