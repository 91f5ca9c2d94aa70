//! The HTML page that shows an error.

use serde::Serialize;

use super::{i18n::Lang, page::Page};

/// The HTML page that shows an error. Its texts are in the language of the view.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    /// HTTP status code of the response.
    pub status: u16,
    /// The error in a few words.
    pub title: String,
    /// A sentence about what the visitor can do.
    pub detail: String,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error";
    const PRIVATE: bool = true;

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.title.clone())
    }
}
